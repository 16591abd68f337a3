// What a WebSocket is to the page, made of plain requests, for networks that let no socket through. Each request says what the
// page has; the answer is what it has missed, at once or as soon as there is something.

const WAIT = 25;
const ANSWER_WITHIN = (WAIT + 35) * 1000;
const LOST = 1006;
// What is refused is refused again in the next moment; whoever missed too much is told so until they have fetched it elsewhere.
const REST_AFTER = { error: 5_000, resync: 1_000 };

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
      const frames = await this.#ask([], this.#isGreeted ? WAIT : 0, signal);
      await rest(Math.max(0, ...frames.map(restAfter)), signal);
    }
  }

  /** What is said goes at once, in its order; what is said meanwhile goes together. */
  #say(frame) {
    this.#outgoing.push(frame);
    if (this.#outgoing.length > 1) return;
    this.#posted = this.#posted.then(() => this.#isClosed || this.#ask(this.#outgoing.splice(0), 0));
  }

  /** The frames that came back. */
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
      return answer.frames;
    } catch {
      // A poll that we gave up ourselves is followed by another; all else is a lost line.
      if (!given?.aborted) this.#lose(LOST);
      return [];
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

/** A conversation comes with its snapshot, and is followed from there. */
function restAfter({ type, snapshot }) {
  return snapshot ? 0 : (REST_AFTER[type] ?? 0);
}

/** Until something else is asked for, or so many milliseconds have passed. */
function rest(milliseconds, signal) {
  return new Promise((resolve) => {
    if (!milliseconds || signal.aborted) resolve();
    signal.addEventListener("abort", resolve, { once: true });
    setTimeout(resolve, milliseconds);
  });
}
