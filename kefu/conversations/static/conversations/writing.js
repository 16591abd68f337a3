// The box that one writes in, with the files above it: both are said together, as soon as the files are up. What is said is
// what was pressed, and nothing else: whoever changes it meanwhile presses again.

import { Attach } from "./attach.js";
import { Composer } from "./compose.js";

export class Writing {
  #attach;
  #composer;
  #onSay;
  #atPress;

  /**
   * `onSay(text, found, files, kind, pressed)` may answer false to keep everything in the box; `kind` is the one that was open
   * when it was pressed, and `pressed` what `atPress()` gave then. `place` is where files may be dropped, `side` and `headers`
   * say as whom they go up; the rest is the composer's.
   */
  constructor(form, { onSay, atPress = () => null, onInput = () => {}, place, side, headers, ...options }) {
    this.#onSay = onSay;
    this.#atPress = atPress;
    this.#attach = new Attach(form, { place, side, headers, onUp: (message, files, kind) => this.#say(message, files, kind) });
    this.#composer = new Composer(form, {
      ...options,
      onText: (text, found) => this.#press(text, found),
      onInput: (text) => {
        this.#attach.follow(text);
        onInput(text);
      },
      hasMore: () => !this.#attach.isEmpty,
    });
  }

  get text() {
    return this.#composer.text;
  }

  set text(value) {
    this.#composer.text = value;
    this.#attach.follow(this.text);
  }

  focus() {
    this.#composer.focus();
  }

  /** What is written and chosen from now on is for this conversation, and of this kind. The text is set by whoever opens. */
  open(ref, kind) {
    this.#attach.open(ref, kind);
  }

  /** Leave the conversation. What was pressed and is not sent is held back; its files are still there after coming back. */
  leave() {
    this.#attach.leave();
  }

  /** Where something is held back: {ref, kind} of each. */
  get held() {
    return this.#attach.held;
  }

  /** Whether files wait there. */
  holds(ref, kind) {
    return this.#attach.holds(ref, kind);
  }

  /** Whether files stand above the box now. */
  get hasFiles() {
    return !this.#attach.isEmpty;
  }

  /** Try once more what could not go up, as whoever writes now. */
  retry() {
    this.#attach.retry();
  }

  /** Give what was chosen here to another place; it goes up anew from there. */
  release() {
    return this.#attach.release();
  }

  /** What stands here was pressed, and is not sent. */
  hold() {
    this.#attach.hold();
  }

  get isHeld() {
    return this.#attach.isHeld;
  }

  add(files) {
    this.#attach.add(files);
  }

  /** Send these without another word, whatever is in the box. */
  sendFiles(files) {
    if (!files.length) return;
    this.#attach.add(files);
    this.#attach.press({ text: "", found: [], written: null, pressed: this.#atPress() });
  }

  /** The box is emptied when it is said, not before: until then it can be changed. */
  #press(text, found) {
    this.#attach.press({ text, found, written: this.#composer.text, pressed: this.#atPress() });
    return false;
  }

  #say({ text, found, written, pressed }, files, kind) {
    if (this.#onSay(text, found, files, kind, pressed) === false) return false;
    // Another kind's text may be in the box by now.
    if (written !== null && this.#attach.kind === kind) this.#composer.text = "";
    return true;
  }
}
