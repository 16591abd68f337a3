// The one line under the heading, [data-strip]: who we are comes before what is wrong with the line, and that before what became of
// the conversation.

// A short break heals by itself; a line that flickers only worries.
const SHOWN_AFTER = 2_000;

export class Strip {
  #root;
  #isResolved;
  #status = { state: "closed", reason: null, attempt: 0 };
  #lapse = null;
  #timers = {};

  /** `isResolved()` says what became of the conversation. */
  constructor(root, { isResolved }) {
    this.#root = root;
    this.#isResolved = isResolved;
  }

  /** Follow the socket. */
  follow(status) {
    this.#status = status;
    this.#soon("line", status.state === "connecting" && !status.reason, () => this.show());
  }

  /** What became of a session that a platform vouched for: "renewing", "unvouched", "unknown", or null if all is well. */
  set lapse(name) {
    const isSoon = name === "renewing";
    // Until then there is no such line, and no other either.
    this.#lapse = isSoon ? "" : name;
    this.#soon("lapse", isSoon, () => {
      this.#lapse = name;
      this.show();
    });
  }

  show(urgent = null) {
    const wanted = urgent ?? this.#lapse ?? this.#line ?? (this.#isResolved() ? "resolved" : null);
    for (const strip of this.#root.querySelectorAll("[data-strip]")) {
      const isWanted = strip.dataset.strip === wanted;
      if (strip.hidden === isWanted) strip.hidden = !isWanted;
    }
  }

  get #line() {
    const { state, reason, attempt } = this.#status;
    if (state === "closed") return !reason || reason === "stopped" ? null : reason === "outdated" ? "outdated" : "signed_out";
    return state === "offline" || (state === "connecting" && attempt > 1) ? "offline" : null;
  }

  #soon(what, isLater, act) {
    clearTimeout(this.#timers[what]);
    this.#timers[what] = setTimeout(act, isLater ? SHOWN_AFTER : 0);
  }
}
