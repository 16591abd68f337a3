// The box that one writes in, with the files above it: both are said together, as soon as the files are up.

import { Attach } from "./attach.js";
import { Composer } from "./compose.js";

export class Writing {
  #attach;
  #composer;
  #onSay;

  /**
   * `onSay(text, found, files)` may answer false to keep everything in the box. `place` is where files may be dropped, `side`
   * and `headers` say as whom they go up; the rest is the composer's.
   */
  constructor(form, { onSay, place, side, headers, ...options }) {
    this.#onSay = onSay;
    this.#attach = new Attach(form, { place, side, headers });
    this.#composer = new Composer(form, { ...options, onText: (text, found) => this.#say(text, found), hasMore: () => !this.#attach.isEmpty });
  }

  get text() {
    return this.#composer.text;
  }

  set text(value) {
    this.#composer.text = value;
  }

  focus() {
    this.#composer.focus();
  }

  /** The conversation that files go into; null while there is none. What was chosen for another is forgotten. */
  set ref(ref) {
    this.#attach.clear();
    this.#attach.ref = ref;
  }

  /** Send these without another word. */
  sendFiles(files) {
    if (!files.length) return;
    this.#attach.add(files);
    this.#attach.whenUp(() => this.#say("", []));
  }

  #say(text, found) {
    if (this.#attach.isBusy) {
      this.#attach.whenUp(() => this.#composer.send());
      return false;
    }
    if (this.#onSay(text, found, this.#attach.files) === false) return false;
    this.#attach.clear({ isSaid: true });
    return true;
  }
}
