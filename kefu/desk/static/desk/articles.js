// Articles beside the reply: suggested or searched, read in place, and put into the box as a title with its address.
import { guard } from "../safety/guard.js";
import { get, post } from "./api.js";
import { word } from "./words.js";

const WAIT_MS = 300;
const root = document.querySelector("[data-articles]");
const customer = document.querySelector("[data-context]");
const part = (name) => root.querySelector(`[data-articles-${name}]`);
const input = root.querySelector("input");
const list = root.querySelector("[role=listbox]");
const reading = part("reading");

export class Articles {
  #ref = null;
  #asked = null;
  #listed = null;
  #timer = 0;

  // `onPut(kind, words)` gets what goes into the box of this kind; `kind()` is the one that is open; `onPane(name)` shows a pane.
  constructor({ onPut, kind, onPane }) {
    Object.assign(this, { onPut, kind, onPane });
    input.addEventListener("input", (event) => {
      clearTimeout(this.#timer);
      // Half a syllable of pinyin is not yet a word.
      if (!event.isComposing) this.#soon();
    });
    input.addEventListener("compositionend", () => this.#soon());
    root.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("click", ({ target }) => this.#read(target.closest("[data-article]")));
    reading.addEventListener("click", (event) => this.#press(event));
    part("close").addEventListener("click", () => this.close());
    document.querySelector("[data-go=context]").addEventListener("click", () => this.#hide());
    document.querySelector("[data-show-context]").addEventListener("click", (event) => this.#giveWay(event), { capture: true });
  }

  open(ref) {
    if (ref !== this.#ref) this.#begin(ref);
    root.hidden = false;
    customer.hidden = true;
    this.onPane("context");
    this.#look();
    if (reading.hidden) input.focus();
    else reading.querySelector("button").focus();
  }

  /** Back to the customer, and to the box. */
  close() {
    this.#hide();
    this.onPane("talk");
    this.onPut(this.kind(), "");
  }

  /** The conversation is left. */
  end() {
    this.#hide();
    this.#ref = null;
  }

  #begin(ref) {
    this.#ref = ref;
    this.#listed = null;
    input.value = "";
    this.#back();
    this.#show("");
  }

  // The customer comes in the articles' place; without articles the button does what it always does.
  #giveWay(event) {
    if (root.hidden) return;
    event.stopImmediatePropagation();
    this.#hide();
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#asked = null;
    root.hidden = true;
    customer.hidden = false;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), WAIT_MS);
  }

  async #look() {
    clearTimeout(this.#timer);
    const words = input.value.trim();
    if (words === this.#listed) return;
    if (guard(words).found.length) return this.#refuse();
    const html = await this.#ask(() => post(this.#path(), { words }));
    if (html === null) return;
    this.#listed = words;
    this.#show(html);
    const about = part("about");
    about.textContent = about.dataset[list.children.length ? (words ? "listed" : "suggested") : words ? "none" : "quiet"];
  }

  async #read(option) {
    if (!option) return;
    clearTimeout(this.#timer);
    this.#choose(option);
    const html = await this.#ask(() => get(`${this.#path()}${option.dataset.article}/`));
    if (html === null) return;
    reading.innerHTML = html;
    // The desk stays where it is.
    for (const link of reading.querySelectorAll("a[href]")) Object.assign(link, { target: "_blank", rel: "noopener" });
    part("list").hidden = true;
    reading.hidden = false;
    root.scrollTop = 0;
    const first = [`[data-put=${this.kind()}]`, "[data-put]", "[data-back]"].find((one) => reading.querySelector(one));
    reading.querySelector(first).focus();
  }

  // Only the last thing asked for is shown; null if it was another, or nothing came.
  async #ask(request) {
    const asked = (this.#asked = {});
    this.#say("");
    try {
      const { html } = await request();
      return this.#asked === asked ? html : null;
    } catch (problem) {
      if (this.#asked !== asked) return null;
      // The server knows some kinds of keys more.
      if (problem.message === "secret") this.#refuse();
      else this.#fail(problem.status);
      return null;
    }
  }

  #fail(status) {
    this.#listed = null;
    this.#say(status === 401 ? word("link.closed") : status === 404 ? root.dataset.gone : root.dataset.failed);
  }

  #refuse() {
    this.#asked = null;
    input.value = "";
    this.#say(word("find.secret"));
  }

  #say(words) {
    part("problem").hidden = !words;
    part("words").textContent = words;
  }

  #show(html) {
    list.innerHTML = html;
    part("about").textContent = "";
    input.setAttribute("aria-expanded", String(list.children.length > 0));
    this.#choose(list.firstElementChild);
  }

  #choose(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const act = event.key === "Escape" ? () => (reading.hidden ? this.close() : this.#back(true)) : event.target === input && this.#keyOf(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #keyOf(key) {
    const chosen = list.querySelector("[aria-selected=true]");
    if (key === "Enter") return () => (input.value.trim() === this.#listed ? this.#read(chosen) : this.#look());
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[key];
    return next && chosen ? () => this.#choose(chosen[next] ?? chosen) : null;
  }

  #back(isAsked = false) {
    part("list").hidden = false;
    reading.hidden = true;
    reading.replaceChildren();
    if (!isAsked) return;
    input.focus();
    this.#look();
  }

  #press(event) {
    const button = event.target.closest("button");
    const within = event.target.closest("a[href^='#']");
    if (within) {
      event.preventDefault();
      reading.querySelector(`[id="${CSS.escape(within.hash.slice(1))}"]`)?.scrollIntoView();
    } else if (button?.dataset.put) {
      const { title, address } = reading.querySelector("[data-address]").dataset;
      this.onPane("talk");
      this.onPut(button.dataset.put, `${title}\n${address}\n`);
    } else if (button?.matches("[data-back]")) this.#back(true);
  }

  #path() {
    return `/desk/conversation/${this.#ref}/articles/`;
  }
}
