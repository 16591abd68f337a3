// Pictures and videos of a thread, large, one after the other. Attached to an element that holds [data-enlarge] links.

import { made } from "./parts.js";
import { show } from "./shown.js";

export class Gallery {
  #place;
  #dialog = null;
  #link = null;

  constructor(place) {
    this.#place = place;
    place.addEventListener("click", (event) => {
      const link = event.target.closest("[data-enlarge]");
      if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#open(link);
    });
  }

  get #links() {
    return [...this.#place.querySelectorAll("[data-enlarge]")];
  }

  #open(link) {
    this.#dialog ??= this.#made();
    this.#show(link);
    this.#dialog.showModal();
  }

  #made() {
    const dialog = made("gallery");
    dialog.addEventListener("click", (event) => {
      const act = event.target.closest("[data-gallery]")?.dataset.gallery;
      if (act === "next") this.#step(1);
      else if (act === "previous") this.#step(-1);
      else if (act === "close" || event.target === dialog) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => {
      // The page has keys of its own.
      event.stopPropagation();
      // A player has its own use for the arrows.
      if (event.target.matches("video")) return;
      if (event.key === "ArrowRight") this.#step(1);
      if (event.key === "ArrowLeft") this.#step(-1);
    });
    dialog.addEventListener("close", () => {
      dialog.querySelector("[data-slot=large]").replaceChildren();
      // A message that was drawn anew meanwhile has another link to the same picture.
      this.#links.find((link) => link.href === this.#link.href)?.focus();
    });
    document.body.append(dialog);
    return dialog;
  }

  #step(by) {
    const links = this.#links;
    const place = links.findIndex((link) => link.href === this.#link.href);
    const next = place < 0 ? undefined : links[place + by];
    if (!next) return;
    const pressed = this.#dialog.querySelector("button:focus");
    this.#show(next);
    // Whoever comes to an end by the button stays with the keyboard in the dialog.
    if (pressed?.disabled) this.#dialog.querySelector("footer button:enabled").focus();
  }

  #show(link) {
    this.#link = link;
    const links = this.#links;
    const place = links.indexOf(link);
    const name = link.querySelector("img")?.alt ?? link.querySelector("[data-slot=name]").textContent;
    this.#dialog.querySelector("[data-slot=large]").replaceChildren(large(link, name));
    this.#dialog.querySelector("[data-slot=name]").textContent = name;
    this.#dialog.querySelector("[data-slot=count]").textContent = links.length > 1 ? `${place + 1} / ${links.length}` : "";
    const download = this.#dialog.querySelector("[data-download]");
    Object.assign(download, { href: link.href, download: "" });
    this.#dialog.querySelector("footer").hidden = links.length === 1;
    this.#dialog.querySelector("[data-gallery=previous]").disabled = place === 0;
    this.#dialog.querySelector("[data-gallery=next]").disabled = place === links.length - 1;
  }
}

function large(link, name) {
  if (link.dataset.enlarge === "video") {
    const video = document.createElement("video");
    Object.assign(video, { controls: true, playsInline: true, preload: "metadata" });
    show(video, link.href);
    return video;
  }
  const picture = document.createElement("img");
  picture.alt = name;
  show(picture, link.href);
  return picture;
}
