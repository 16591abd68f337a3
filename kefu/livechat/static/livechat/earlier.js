// Attached by [data-earlier]: the history before what is drawn, a page at a time, when the reader asks for it.

import { get } from "./post.js";

export class Earlier {
  #box;
  #talk;

  /** `talk()` is the conversation, null while there is none. */
  constructor(root, { talk }) {
    this.#box = root.querySelector("[data-earlier]");
    this.#talk = talk;
    this.#button.addEventListener("click", () => this.#show());
  }

  follow({ earlier }) {
    this.#box.hidden = !earlier;
  }

  /** {events, earlier} of the page before this place. */
  async fetch(ref, before) {
    return (await get(this.#box.closest("[data-chat]").dataset.earlierUrl, { ref, before })).json();
  }

  get #button() {
    return this.#box.querySelector("button");
  }

  async #show() {
    this.#button.setAttribute("aria-busy", "true");
    try {
      await this.#talk().showEarlier();
    } catch {
      // The button stays, and the strip says why if there is no network.
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
  }
}
