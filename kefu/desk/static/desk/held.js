// Messages that wait in other conversations and are not sent: a line for each, until somebody has gone back to it.
import { word } from "./words.js";

export class Held {
  #root;
  #words;
  #onOpen;
  #line = document.querySelector("[data-template=held]").content.firstElementChild;
  #lines = new Map();

  // `root` is a live region, so that a line is read out when it comes, and never again. `words` names what a line says.
  constructor(root, words, onOpen) {
    this.#root = root;
    this.#words = words;
    this.#onOpen = onOpen;
  }

  draw(refs) {
    for (const [ref, line] of this.#lines) {
      if (refs.has(ref)) continue;
      line.remove();
      this.#lines.delete(ref);
    }
    for (const ref of refs) {
      if (!this.#lines.has(ref)) this.#add(ref);
    }
  }

  #add(ref) {
    const line = this.#line.cloneNode(true);
    line.dataset.ref = ref;
    line.querySelector("[data-held-words]").textContent = word(this.#words, { ref });
    line.querySelector("[data-held-ref]").textContent = ref;
    line.querySelector("button").addEventListener("click", () => this.#onOpen(ref));
    this.#lines.set(ref, line);
    this.#root.append(line);
  }
}
