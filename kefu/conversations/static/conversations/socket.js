// One connection for everything on the page. It knows nothing of conversations: it says hello with what each watcher has,
// hands every frame to its listeners, and comes back by itself. Listeners also get `{type: "closed"}` when it is lost.

import { PolledSocket } from "./polled.js";

const PROTOCOL = 1;
const HELLO_WITHIN = 10_000;
const PING_AFTER = 20_000;
const ANSWER_WITHIN = 8_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const GOING_AWAY = 1012;
// WebSocket.OPEN; whatever is higher is closing or closed.
const IS_OPEN = 1;
// A server that goes away sends many here at once: they come back spread over so long.
const SPREAD = 2_500;
// So many sockets in a row that never opened mean that something on the way lets none through.
const BLOCKED_AFTER = 2;
// While requests stand in for a socket it is tried again: soon, for the line may only have been down, and then so often.
const TRY_SOON = 3_000;
const TRY_EVERY = 60_000;
const FRAMES_URL = "/api/v1/frames";
// So many topics a hello takes; the others follow it.
const MOST_IN_HELLO = 50;
// Coming back would change nothing: signed out, not allowed, or a page of another version.
const FINAL = new Map([
  [4001, "signed_out"],
  [4003, "not_allowed"],
  [4009, "outdated"],
]);

export class Socket {
  #url;
  #token;
  #open;
  #socket = null;
  #state = "closed";
  #reason = null;
  #attempt = 0;
  #watches = new Map();
  // What this connection was asked to listen to.
  #asked = new Set();
  #listeners = new Set();
  #observers = new Set();
  #retry = 0;
  #watchdog = 0;
  #stop = null;
  #unopened = 0;
  #isPolled = false;
  #probing = 0;

  /** `token()` gives the session's token where no cookie says who this is; `open(url, hello)` a WebSocket, or what is like one. */
  constructor(url, { token = () => null, open = () => new WebSocket(url) } = {}) {
    this.#url = url;
    this.#token = token;
    this.#open = open;
  }

  /** `{state, reason, attempt}`: state is connecting, open, offline or closed; a reason is given for closed only. */
  get status() {
    return { state: this.#state, reason: this.#reason, attempt: this.#attempt };
  }

  /** Call `listener(frame)` for each frame; returns the way to stop. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Call `observer(status)` at each change; returns the way to stop. */
  observe(observer) {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Listen to a topic, now and after each reconnect; `after()` gives the last seq that the page has. */
  watch(topic, after) {
    this.#watches.set(topic, after);
    this.#ask(topic);
  }

  unwatch(topic) {
    this.#watches.delete(topic);
    if (this.send({ type: "unwatch", topic })) this.#asked.delete(topic);
  }

  /** Send a frame if the socket is open. False means that it was not sent; nothing is kept here. */
  send(frame) {
    // A socket closes a moment before that is told; what it is given meanwhile is lost.
    if (this.#state !== "open" || this.#socket.readyState > IS_OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  start() {
    if (this.#stop) return;
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    addEventListener("online", () => this.#comeBack(), { signal });
    addEventListener("offline", () => this.#lose("offline"), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#probe(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#probe(), { signal });
    this.#connect();
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
    this.#forget();
    this.#become("closed", "stopped");
  }

  /** What failed while there was no network says nothing of what is let through. */
  #comeBack() {
    this.#unopened = 0;
    this.#connect();
  }

  #connect() {
    if (this.#socket || !this.#stop || FINAL.has(this.#reason)) return;
    clearTimeout(this.#retry);
    this.#attempt += 1;
    this.#become("connecting");
    this.#isPolled = this.#unopened >= BLOCKED_AFTER;
    const socket = this.#isPolled ? new PolledSocket(FRAMES_URL, () => this.#cursors()) : this.#open(this.#url, this.#hello());
    this.#socket = socket;
    // When neither goes through it is the line or the server, and a socket is tried first again.
    this.#unopened = this.#isPolled ? 0 : this.#unopened + 1;
    socket.onopen = () => {
      if (!this.#isPolled) this.#unopened = 0;
      const hello = this.#hello();
      this.#asked = new Set(hello.watch.map(({ topic }) => topic));
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#expectWithin(HELLO_WITHIN);
  }

  #hello() {
    return { type: "hello", protocol: PROTOCOL, watch: this.#cursors().slice(0, MOST_IN_HELLO), token: this.#token() };
  }

  #cursors() {
    return [...this.#watches].map(([topic, after]) => ({ topic, after: after() }));
  }

  /** Requests stand in for a socket; is it let through by now? */
  #tryASocket() {
    const socket = new WebSocket(this.#url);
    socket.onopen = () => {
      socket.close();
      this.#unopened = 0;
      this.#lose("connecting");
    };
    socket.onerror = () => (this.#probing = setTimeout(() => this.#tryASocket(), TRY_EVERY));
  }

  #hear(frame) {
    this.#rest();
    if (frame.type === "hello") {
      this.#attempt = 0;
      if (this.#isPolled) {
        this.#unopened = BLOCKED_AFTER;
        this.#probing = setTimeout(() => this.#tryASocket(), TRY_SOON);
      }
      this.#become("open");
      this.#watchTheRest();
    }
    for (const listener of this.#listeners) listener(frame);
  }

  /** What the hello had no room for, and what was asked for or given up while it was on its way. */
  #watchTheRest() {
    for (const topic of this.#watches.keys()) if (!this.#asked.has(topic)) this.#ask(topic);
    for (const topic of this.#asked) if (!this.#watches.has(topic)) this.unwatch(topic);
  }

  #ask(topic) {
    if (this.send({ type: "watch", topic, after: this.#watches.get(topic)() })) this.#asked.add(topic);
  }

  #closed(code) {
    const reason = FINAL.get(code);
    this.#forget();
    if (reason) {
      this.#become("closed", reason);
      return;
    }
    this.#lose(navigator.onLine ? "connecting" : "offline", code === GOING_AWAY ? Math.random() * SPREAD : 0);
  }

  /** Give this connection up at once, without waiting for the other end to agree, and come back later. */
  #lose(state, atLeast = 0) {
    if (!this.#stop || this.#state === "closed") return;
    this.#forget();
    this.#become(state);
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#attempt, 10));
    clearTimeout(this.#retry);
    // Some browsers say "offline" and are wrong, so there is always another try.
    this.#retry = setTimeout(() => this.#connect(), atLeast + longest * (0.5 + Math.random() / 2));
  }

  #forget() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    clearTimeout(this.#probing);
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    for (const listener of this.#listeners) listener({ type: "closed" });
  }

  /** Somebody looks at the page again: is the line still alive? */
  #probe() {
    if (this.#state === "open") this.#ping();
    else this.#connect();
  }

  #ping() {
    this.send({ type: "ping" });
    this.#expectWithin(ANSWER_WITHIN);
  }

  #rest() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#ping(), PING_AFTER);
  }

  #expectWithin(limit) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lose("connecting"), limit);
  }

  #become(state, reason = null) {
    this.#state = state;
    this.#reason = reason;
    for (const observer of this.#observers) observer(this.status);
  }
}

/** The address of the one socket, beside the page. */
export function socketUrl(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
