// Attached by [data-link-box]: a private link to the conversation, made when it is asked for.

import { toast } from "../ui/toast.js";
import { post } from "./post.js";

export class LinkBox {
  #root;
  #onShown;
  #onProblem;

  /** `ref()` names the conversation; `onProblem(words)` is told what went wrong, and `onShown()` when that or the box has taken its place. */
  constructor(root, { ref, onShown, onProblem }) {
    this.#root = root;
    this.#onShown = onShown;
    this.#onProblem = onProblem;
    this.#find("[data-make-link]").addEventListener("click", () => this.#make(ref()));
    this.#find("[data-copy-link]").addEventListener("click", (event) => this.#copy(event.currentTarget));
    this.#find("[data-link]").addEventListener("focus", (event) => event.currentTarget.select());
  }

  show(link) {
    this.#find("[data-link]").value = link;
    this.#find("[data-link-box]").hidden = false;
    this.#onShown();
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }

  async #make(ref) {
    const box = this.#find("[data-link-box]");
    if (box.hidden) {
      const { answer, message, isLost } = await post(this.#root.dataset.linkUrl, { ref });
      this.#onProblem(isLost ? box.dataset.lostWords : message);
      if (!answer) {
        this.#onShown();
        return;
      }
      this.show(answer.link);
    }
    box.scrollIntoView({ block: "nearest" });
    this.#find("[data-link]").focus();
  }

  async #copy(button) {
    const field = this.#find("[data-link]");
    try {
      await navigator.clipboard.writeText(field.value);
      toast(button.dataset.copied);
    } catch {
      field.select();
    }
  }
}
