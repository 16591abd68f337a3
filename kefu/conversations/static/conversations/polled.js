// What a WebSocket is to the page, made of plain requests, for networks that let no socket through. Each request says what the
// page has; the answer is what it has missed, at once or as soon as there is something.

const WAIT = 25;
const ANSWER_WITHIN = (WAIT + 35) * 1000;
const LOST = 1006;
// What is refused is refused again in the next moment.
const REST = 5_000;

export class PolledSocket {
  onopen = null;
  onmessage = null;
  onclose = null;
  #url;
  #cursors;
  #hello = null;
  #isGreeted = false;
  #isClosed = false;
  #outgoing = [];
  #posted = Promise.resolve();
  #poll = null;

  /** `cursors()` gives `[{topic, after}]` as the page has them at that moment. */
  constructor(url, cursors) {
    this.#url = url;
    this.#cursors = cursors;
    setTimeout(() => this.onopen?.());
  }

  send(json) {
    const frame = JSON.parse(json);
    if (frame.type === "hello") this.#begin(frame);
    else if (frame.type === "watch" || frame.type === "unwatch") this.#poll?.abort("asks for something else now");
    else this.#say(frame);
  }

  close() {
    this.#isClosed = true;
    this.#poll?.abort("closed");
  }

  async #begin({ protocol, token }) {
    this.#hello = { protocol, token };
    while (!this.#isClosed) {
      this.#poll = new AbortController();
      const { signal } = this.#poll;
      const isRefused = await this.#ask([], this.#isGreeted ? WAIT : 0, signal);
      if (isRefused) await rest(signal);
    }
  }

  /** What is said goes at once, in its order; what is said meanwhile goes together. */
  #say(frame) {
    this.#outgoing.push(frame);
    if (this.#outgoing.length > 1) return;
    this.#posted = this.#posted.then(() => this.#isClosed || this.#ask(this.#outgoing.splice(0), 0));
  }

  /** Whether something of it was refused. */
  async #ask(frames, wait, given = null) {
    const late = AbortSignal.timeout(ANSWER_WITHIN);
    const signal = given ? AbortSignal.any([given, late]) : late;
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: this.#hello.token ? "omit" : "same-origin",
        body: JSON.stringify({ ...this.#hello, watch: this.#cursors(), frames, wait }),
        signal,
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      this.#take(answer);
      return answer.frames.some(({ type }) => type === "error");
    } catch {
      // A poll that we gave up ourselves is followed by another; all else is a lost line.
      if (!given?.aborted) this.#lose(LOST);
      return false;
    }
  }

  #take({ frames, close }) {
    for (const frame of frames) {
      if (this.#isClosed) return;
      if (frame.type === "hello" && this.#isGreeted) continue;
      this.#isGreeted ||= frame.type === "hello";
      this.onmessage?.({ data: JSON.stringify(frame) });
    }
    if (close !== null) this.#lose(close);
  }

  #lose(code) {
    if (this.#isClosed) return;
    this.close();
    this.onclose?.({ code });
  }
}

/** Until something else is asked for, or a while has passed. */
function rest(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", resolve, { once: true });
    setTimeout(resolve, REST);
  });
}
