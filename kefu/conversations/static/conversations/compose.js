// The box that one writes in. Attached to a form that holds a textarea and may hold [data-too-long] (with a
// [data-slot=over]) and [data-found] (with a [data-slot=kinds]), both hidden until they are needed.

import { guard } from "../safety/guard.js";
import { fill, part } from "./parts.js";

const LONGEST = 8_000;
const TYPING_EVERY = 3_000;
const GUARD_AFTER = 300;

/** Enter sends only where there is a keyboard beside it, and never while an input method is composing. */
export function isSendKey(event, hasKeyboard = matchMedia("(pointer: fine)").matches) {
  // Some browsers end the composition before they tell of the key that ended it: 229 is all that is left of it.
  const isComposing = event.isComposing || event.keyCode === 229;
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !isComposing && hasKeyboard;
}

export class Composer {
  #form;
  #area;
  #onText;
  #onTyping;
  #onInput;
  #isSend;
  #hasMore;
  #typedAt = 0;
  #timer = 0;
  #isComposing = false;

  /**
   * `onText(text, found)` gets what is to be said, guarded, and may answer false to keep it in the box; `onTyping()` is called
   * now and then while somebody writes, `onInput(text)` at each change. `isSend(event)` says which key sends, `hasMore()`
   * whether there is something to be said without words.
   */
  constructor(form, { onText, onTyping = () => {}, onInput = () => {}, isSend = isSendKey, hasMore = () => false }) {
    this.#form = form;
    this.#area = form.querySelector("textarea");
    this.#onText = onText;
    this.#onTyping = onTyping;
    this.#onInput = onInput;
    this.#isSend = isSend;
    this.#hasMore = hasMore;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.#area.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.#area.addEventListener("compositionend", () => (this.#isComposing = false));
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    this.#area.addEventListener("input", () => this.#typed());
  }

  get text() {
    return this.#area.value;
  }

  set text(value) {
    this.#area.value = value;
    this.#look();
  }

  focus() {
    this.#area.focus({ preventScroll: true });
  }

  /** Say what is written, unless it is empty or too long. */
  send() {
    const { text, found } = guard(this.#area.value.trim());
    this.#look();
    if ((!text && !this.#hasMore()) || over(text) > 0) return this.focus();
    if (this.#onText(text, found) !== false) this.text = "";
    this.#typedAt = 0;
    return this.focus();
  }

  #key(event) {
    if (this.#isComposing || !this.#isSend(event)) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #typed() {
    this.#onInput(this.text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), GUARD_AFTER);
    this.#grow();
    const now = Date.now();
    if (!this.text.trim() || now - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = now;
    this.#onTyping();
  }

  /** Say what is wrong with the text, or that something in it will be taken out. */
  #look() {
    const { text, found } = guard(this.#area.value.trim());
    const excess = over(text);
    show(this.#form.querySelector("[data-too-long]"), excess > 0, { over: String(excess) });
    this.#area.setAttribute("aria-invalid", String(excess > 0));
    const kinds = [...new Set(found)].map((kind) => part(`kind-${kind}`)).filter(Boolean);
    show(this.#form.querySelector("[data-found]"), found.length > 0, { kinds: joined(kinds) });
    this.#grow();
  }

  /** Where the style sheet can't let the box grow by itself. */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#area.rows = Math.min(6, Math.max(1, this.#area.value.split("\n").length));
  }
}

/** How many characters are too many, counted as the server does. */
export function over(text) {
  return [...text].length - LONGEST;
}

/** Written only when there is something else to say, for what is written into such a line is read out each time. */
function show(element, isWanted, slots) {
  const look = JSON.stringify(isWanted && Object.values(slots).map((value) => value.textContent ?? value));
  if (!element || element.dataset.look === look) return;
  element.dataset.look = look;
  element.hidden = !isWanted;
  if (isWanted) fill(element, slots);
}

function joined(nodes) {
  const list = document.createDocumentFragment();
  nodes.forEach((node, place) => list.append(...(place ? [part("and")?.textContent ?? " "] : []), node));
  return list;
}
