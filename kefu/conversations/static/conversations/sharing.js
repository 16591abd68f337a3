// One socket for several tabs: what a WebSocket is to the page, on a line that a shared worker holds (line.js). Only tabs of one
// session that watch the same are on one line. Where the browser has no such workers, a page has a socket of its own.

const ANSWER_WITHIN = 3_000;
const LOST = 1006;
// As WebSocket has them.
const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];

// Once it has failed, this page does without.
let isOfUse = Boolean(globalThis.SharedWorker && navigator.locks);
let life = null;
let endLife = () => {};

/** A way to open sockets, for `Socket`; `script` is the worker's address. */
export function sharedBy(script) {
  // A line may still stand when the network is said to be gone: what the browser says of this page counts.
  return (url, hello) => (isOfUse && navigator.onLine ? new SharedSocket(script, url, hello) : new WebSocket(url));
}

/** The name of a lock that is held until the page is gone or asleep, by which the worker learns of that. */
function named() {
  life ??= new Promise((known, refused) => {
    const name = `kefu-tab-${crypto.randomUUID()}`;
    const held = new Promise((end) => (endLife = end));
    navigator.locks.request(name, () => (known(name), held)).catch(refused);
  });
  return life;
}

addEventListener("pagehide", () => {
  life = null;
  endLife();
});

class SharedSocket {
  onopen = null;
  onmessage = null;
  onclose = null;
  #state = CONNECTING;
  #url;
  #key;
  #port = null;
  // A socket of this page's own, if the worker is of no use.
  #own = null;
  #late = 0;
  #stop = new AbortController();

  constructor(script, url, hello) {
    this.#url = url;
    this.#key = keyOf(url, hello);
    this.#late = setTimeout(() => this.#goAlone(), ANSWER_WITHIN);
    addEventListener("pagehide", () => this.#close(LOST), { signal: this.#stop.signal });
    this.#join(script).catch(() => this.#goAlone());
  }

  get readyState() {
    return this.#own?.readyState ?? this.#state;
  }

  send(data) {
    if (this.#own) this.#own.send(data);
    else if (this.#belongs(JSON.parse(data))) this.#port.postMessage({ what: "say", data });
    // Somebody else speaks now, or of something else: that takes another line.
    else queueMicrotask(() => this.close(LOST));
  }

  close(code = null) {
    this.#own?.close();
    this.#port?.postMessage({ what: "give up" });
    this.#close(code);
  }

  async #join(script) {
    const lock = await named();
    if (this.#own || this.#state === CLOSED) return;
    const worker = new SharedWorker(script, { type: "module", name: "kefu-line" });
    worker.onerror = () => this.#goAlone();
    this.#port = worker.port;
    this.#port.onmessage = ({ data }) => this.#hear(data);
    this.#port.postMessage({ what: "join", key: this.#key, url: this.#url, lock });
  }

  #hear({ what, data, code, lock }) {
    if (this.#own || this.#state === CLOSED) return;
    if (what === "here") this.#trust(lock);
    else if (what === "open") {
      this.#state = OPEN;
      this.onopen?.();
    } else if (what === "frame") this.onmessage?.({ data });
    else if (what === "closed") this.#close(code);
  }

  /** It has answered; the lock is granted when the worker is gone, with all its lines. */
  #trust(lock) {
    clearTimeout(this.#late);
    navigator.locks.request(lock, { signal: this.#stop.signal }, () => this.#close(LOST)).catch(() => {});
  }

  #belongs(frame) {
    if (frame.type === "hello") return keyOf(this.#url, frame) === this.#key;
    return frame.type !== "watch" || JSON.parse(this.#key).includes(frame.topic);
  }

  #goAlone() {
    if (this.#own || this.#state !== CONNECTING) return;
    isOfUse = false;
    this.#stop.abort();
    this.#port?.postMessage({ what: "leave" });
    this.#port?.close();
    clearTimeout(this.#late);
    this.#own = new WebSocket(this.#url);
    this.#own.onopen = () => this.onopen?.();
    this.#own.onmessage = ({ data }) => this.onmessage?.({ data });
    this.#own.onclose = ({ code }) => this.onclose?.({ code });
  }

  #close(code) {
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    clearTimeout(this.#late);
    this.#stop.abort();
    this.#port?.close();
    if (code !== null) this.onclose?.({ code });
  }
}

function keyOf(url, { protocol, token, watch }) {
  return JSON.stringify([url, protocol, token, ...watch.map(({ topic }) => topic).sort()]);
}
