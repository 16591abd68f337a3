// Attached by [data-rating]: what the customer says when it is resolved. What stands there follows the thread, so that every device agrees.

import { lastRating, rating } from "../conversations/resolution.js";
import { guard } from "../safety/guard.js";
import { toast } from "../ui/toast.js";
import { addTo, reads } from "./draft.js";
import { post } from "./post.js";

export class RatingBox {
  #box;
  #form;
  // Where one goes on writing when it is resolved no more.
  #next;
  #ref = "";
  #said = "";
  #isTapped = false;

  constructor(root) {
    this.#box = root.querySelector("[data-rating]");
    this.#form = this.#box.querySelector("[data-explain]");
    this.#next = root.querySelector("[data-composer] textarea");
    for (const button of this.#box.querySelectorAll("[data-verdict]")) button.addEventListener("click", () => this.#rate(button));
    this.#form.addEventListener("submit", (event) => this.#explain(event));
    this.#area.addEventListener("input", () => this.#warn());
    this.#reopen.addEventListener("click", () => this.#openAgain());
  }

  /** True if the box has just come up, so that the end of the thread moved. */
  follow(state) {
    const said = rating(state);
    const hasComeUp = this.#box.hidden && said !== null;
    if (this.#ref !== state.ref) this.#area.value = "";
    else if (said === null) this.#moveOn(state);
    this.#ref = state.ref;
    this.#box.hidden = said === null;
    if (!said) return false;
    for (const button of this.#box.querySelectorAll("[data-verdict]")) {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === said.verdict));
    }
    const isNew = this.#form.hidden && Boolean(said.verdict);
    this.#form.hidden = !said.verdict;
    this.#reopen.hidden = said.verdict !== "not_solved";
    if (isNew && this.#isTapped) this.#show();
    // What was said on another device, unless something is being written here.
    if (said.text !== this.#said && this.#area.value === this.#said) this.#area.value = said.text;
    this.#said = said.text;
    return hasComeUp;
  }

  /** What was not sent when it was opened again goes on as a message. */
  #moveOn(state) {
    const words = this.#area.value.trim();
    if (!words) return;
    const isWritingHere = this.#area === document.activeElement;
    this.#area.value = "";
    this.#warn();
    if (reads(words, lastRating(state).text)) return;
    addTo(this.#next, words);
    if (isWritingHere) this.#next.focus({ preventScroll: true });
  }

  get #area() {
    return this.#form.querySelector("textarea");
  }

  get #reopen() {
    return this.#form.querySelector("[data-reopen]");
  }

  async #rate(button) {
    this.#isTapped = true;
    await this.#send(button, button.closest("[data-rate-url]").dataset.rateUrl, { verdict: button.dataset.verdict });
  }

  /** What came up under a finger stands whole on the screen, ready for words. */
  #show() {
    this.#isTapped = false;
    this.#form.scrollIntoView({ block: "nearest" });
    this.#area.focus({ preventScroll: true });
  }

  async #explain(event) {
    event.preventDefault();
    const button = this.#form.querySelector("[type=submit]");
    const { verdict } = this.#box.querySelector("[aria-pressed=true]").dataset;
    const { text } = guard(this.#area.value.trim());
    if (!(await this.#send(button, this.#box.closest("[data-rate-url]").dataset.rateUrl, { verdict, words: text }))) return;
    toast(button.dataset.thanks);
  }

  async #openAgain() {
    await this.#send(this.#reopen, this.#box.closest("[data-reopen-url]").dataset.reopenUrl, {});
  }

  async #send(button, url, values) {
    button.setAttribute("aria-busy", "true");
    const { answer, message, isLost } = await post(url, { ref: this.#ref, ...values });
    button.removeAttribute("aria-busy");
    const line = this.#box.querySelector("[data-rating-problem]");
    line.hidden = Boolean(answer);
    line.querySelector("[data-problem-words]").textContent = isLost ? this.#box.dataset.lostWords : (message ?? "");
    return Boolean(answer);
  }

  #warn() {
    this.#box.querySelector("[data-rating-found]").hidden = guard(this.#area.value).found.length === 0;
  }
}
