// The frame's side of what it and the page around it say to each other. Each checks who speaks: only that window, only of an
// origin that the brand allows. Nothing of a conversation goes out, only what happened and how much is unread.

export class Host {
  #allowed;
  #hear;
  #origin = null;
  #waiting = [];

  /** `hear` has a function for each thing that the host may say. */
  constructor(allowed, hear) {
    this.#allowed = allowed;
    this.#hear = new Map(Object.entries(hear));
    addEventListener("message", (event) => this.#take(event));
  }

  /** Said once the host has said hello, to its origin and no other. */
  tell(type, more = {}) {
    if (this.#origin) parent.postMessage({ kefu: 1, type, ...more }, this.#origin);
    else this.#waiting.push([type, more]);
  }

  #take({ source, origin, data }) {
    if (source !== parent || parent === window || !this.#allowed.includes(origin) || data?.kefu !== 1) return;
    if (data.type === "hello") {
      this.#origin = origin;
      for (const [type, more] of this.#waiting.splice(0)) this.tell(type, more);
    } else if (origin === this.#origin) this.#hear.get(data.type)?.(data);
  }
}
