// Attached by [data-away]: that nobody is there, until an answer comes. Somebody who writes again must know it as well as who asks first.

import { follow } from "../ui/state.js";

export class Away {
  #root;
  #talk;

  /** `talk()` is the conversation, null while there is none. */
  constructor(root, { talk }) {
    this.#root = root;
    this.#talk = talk;
    follow(({ chat }) => {
      root.dataset.hours = chat.kind;
      this.show();
    });
  }

  /** The words about the hours follow by themselves; what depends on the conversation too is decided here. */
  show() {
    const talk = this.#talk();
    if (!talk) return;
    const isWaiting = talk.state.head?.state !== "resolved" && !talk.isAnswered;
    const isWanted = isWaiting && this.#root.dataset.hours !== "open";
    const box = this.#root.querySelector("[data-away]");
    if (box.hidden !== isWanted) return;
    const { isAtEnd } = talk.thread;
    box.hidden = !isWanted;
    if (isAtEnd) talk.thread.toEnd();
  }
}
