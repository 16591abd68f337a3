// Files of a reply that came back to be changed. They are with the server already; they stand above the box until they go with
// the next reply in their conversation, or are taken out.
import { sizeWords } from "../conversations/files.js";
import { made, part } from "../conversations/parts.js";

export class Returned {
  #form;
  #list;
  #files = new Map();
  #shown = null;

  constructor(form) {
    const tray = form.querySelector("[data-tray]");
    this.#form = form;
    this.#list = tray.cloneNode();
    delete this.#list.dataset.tray;
    this.#list.dataset.returned = "";
    tray.before(this.#list);
    // Nobody else knows of them, so the browser asks before it leaves.
    addEventListener("beforeunload", (event) => this.#files.size && event.preventDefault());
  }

  of(ref) {
    return this.#files.get(ref) ?? [];
  }

  add(ref, files) {
    this.#keep(ref, [...this.of(ref), ...files]);
  }

  take(ref, gone) {
    this.#keep(ref, this.of(ref).filter((file) => !gone.includes(file)));
  }

  /** Show those of this conversation; null shows none. */
  show(ref) {
    this.#shown = ref;
    const items = this.of(ref).map((file) => this.#item(ref, file));
    this.#list.replaceChildren(...items);
    this.#list.hidden = !items.length;
  }

  #keep(ref, files) {
    if (files.length) this.#files.set(ref, files);
    else this.#files.delete(ref);
    this.show(this.#shown);
  }

  #item(ref, file) {
    const node = made("tray-item", { name: file.name || "…" });
    node.querySelector("[data-slot=status]").replaceChildren(`${sizeWords(file.size)} · `, part("tray-ready"));
    const remove = node.querySelector("[data-remove]");
    remove.setAttribute("aria-label", `${remove.ariaLabel}: ${file.name}`);
    remove.addEventListener("click", () => this.#remove(ref, file));
    return node;
  }

  #remove(ref, file) {
    const place = this.of(ref).indexOf(file);
    this.take(ref, [file]);
    const left = this.#list.querySelectorAll("[data-remove]");
    (left[Math.min(place, left.length - 1)] ?? this.#form.querySelector("[data-attach]")).focus();
  }
}
