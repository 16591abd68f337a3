// A choice from a list. Arrow keys walk through a closed one, and each place on the way is told of as a change: what was walked to
// counts when Enter is pressed or the list is left, what was picked in the open list at once.

export class Choice {
  #select;
  #asks;
  #shown;
  #isWalking = false;
  #isAtKey = false;
  #turns = new Turns();

  // `asks(value)` is called when something is chosen, and gives the request, which is made as soon as the one before is answered.
  constructor(select, asks) {
    this.#select = select;
    this.#asks = asks;
    this.#shown = select.value;
    select.addEventListener("keydown", (event) => this.#key(event));
    // A letter leads to a place only here.
    select.addEventListener("keypress", () => this.#atKey());
    select.addEventListener("change", () => (this.#isAtKey ? (this.#isWalking = true) : this.#choose()));
    select.addEventListener("blur", () => this.#isWalking && this.#choose());
  }

  /** What is so now. It is seen as soon as nothing else is being chosen. */
  show(value) {
    this.#shown = value;
    if (!this.#isWalking && !this.#turns.isBusy) this.#select.value = value;
  }

  /** The list is about something else from now on. */
  leave() {
    this.#isWalking = false;
    this.#turns = new Turns();
  }

  #key(event) {
    if (event.key === "Escape") {
      this.#isWalking = false;
      this.show(this.#shown);
    } else if (event.key !== "Enter") {
      this.#atKey();
    } else if (this.#isWalking) {
      event.preventDefault();
      this.#choose();
    }
  }

  // Where the key itself changes something it does so at once; a list that it has opened is chosen from later.
  #atKey() {
    this.#isAtKey = true;
    setTimeout(() => (this.#isAtKey = false));
  }

  async #choose() {
    this.#isWalking = false;
    const turns = this.#turns;
    await turns.take(this.#asks(this.#select.value));
    if (turns === this.#turns) this.show(this.#shown);
  }
}

/** One request at a time, and of those that wait for it the last. */
class Turns {
  #next = null;
  isBusy = false;

  async take(ask) {
    this.#next = ask;
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.#next) {
      const now = this.#next;
      this.#next = null;
      await now();
    }
    this.isBusy = false;
  }
}
