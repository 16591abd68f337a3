// Who answers, in the window's heading: the agent who has the conversation, else the brand, as the page came.
import { askAgain } from "../ui/state.js";

export class Heading {
  #title;
  #avatar;
  #whose;
  #brand;
  #sign;

  constructor(root) {
    this.#title = root.querySelector("[data-title]");
    this.#avatar = root.querySelector("[data-avatar]");
    this.#whose = root.querySelector("[data-whose]");
    this.#brand = this.#title.textContent;
    this.#sign = [...this.#avatar.childNodes];
  }

  follow({ head }) {
    if (!head) return;
    const name = head.assignee?.name ?? "";
    const title = name || this.#brand;
    if (this.#title.textContent === title) return;
    this.#title.textContent = title;
    this.#whose.hidden = !name;
    this.#avatar.replaceChildren(...(name ? [staff(name)] : this.#sign));
    // Whoever takes it is there now, and whoever gives it back may have been the last, whatever the page has heard before.
    askAgain();
  }
}

function staff(name) {
  return Object.assign(document.createElement("span"), { className: "avatar staff", textContent: [...name][0] ?? "" });
}
