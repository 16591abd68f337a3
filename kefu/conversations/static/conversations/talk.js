// One thread on a page, put together: the socket's frames into the reducer, what it asks for back to the socket, the state on
// the screen and the unsent messages in storage. Chat and desk both use it.

import { begin, lastHeard, reduce, spoken } from "./reducer.js";
import { Thread } from "./thread.js";
import { MOST_UNSENT, newClientId, Unsent } from "./unsent.js";

const TICK = 1_000;
const SEEN_AFTER = 400;

export class Talk {
  #socket;
  #thread;
  #unsent;
  #state;
  #onChange;
  #fetchEarlier;
  #isShown = () => true;
  #tellsSeen;
  #key;
  #told;
  #today = new Date().toDateString();
  #stops = [];
  #seenTimer = 0;
  #isFetching = false;
  #isStopped = false;

  /**
   * `elements`: {log, scroll, typing}. `snapshot` may be null: the socket then brings one. `fetchEarlier(before)` answers
   * {events, earlier}. `isShown()` says whether somebody can see the thread; `onChange(state)` follows each change.
   * `seen` is how far the server knows it to be seen. `key` names what this browser keeps of it, where several people may use
   * the browser. `tellsSeen: false` reads without a trace in the conversation. `onAct(name, entry)` decides what "retry" and
   * "drop" of an unsent message do.
   */
  constructor({ ref, audience, socket, elements, snapshot = null, seen = 0, key = ref, fetchEarlier = null, tellsSeen = true, ...calls }) {
    const { isShown = () => true, onChange = () => {}, onAct = (act, { client_id }) => this.dispatch({ type: act, client_id }) } = calls;
    this.#socket = socket;
    this.#onChange = onChange;
    this.#isShown = isShown;
    this.#fetchEarlier = fetchEarlier;
    this.#tellsSeen = tellsSeen;
    this.#unsent = new Unsent(key);
    this.#key = `kefu-seen:${key}:${audience}`;
    this.#told = { delivered: 0, seen: Math.max(seen, seenBefore(this.#key)) };
    this.#state = begin({ ref, audience });
    this.#thread = new Thread({ ...elements, audience, onAct });
    if (snapshot) this.#reduce({ type: "resync", snapshot });
    this.#reduce({ type: "restore", entries: this.#unsent.load() });
    if (socket.status.state === "open") this.#reduce({ type: "hello" });
    const ticking = setInterval(() => this.dispatch({ type: "tick" }), TICK);
    const looked = () => this.#see();
    document.addEventListener("visibilitychange", looked);
    addEventListener("focus", looked);
    this.#stops = [
      socket.listen((frame) => this.dispatch(frame)),
      () => clearInterval(ticking),
      () => document.removeEventListener("visibilitychange", looked),
      () => removeEventListener("focus", looked),
      () => clearTimeout(this.#seenTimer),
      () => this.#thread.leave(),
    ];
    socket.watch(this.#state.topic, () => this.#state.seq);
    this.#draw();
  }

  get state() {
    return this.#state;
  }

  /** Whether the last word is not the reader's. */
  get isAnswered() {
    const heard = lastHeard(this.#state);
    return heard > 0 && heard === spoken(this.#state);
  }

  get thread() {
    return this.#thread;
  }

  /** How many messages of the other side came after the last one that was seen here. */
  get unread() {
    return Object.values(this.#state.items).filter(({ kind, place, message }) => kind === "message" && !message.mine && place > this.#told.seen).length;
  }

  /** Say something; it is on the screen at once and in storage until it is acknowledged. Returns its client id. */
  write(text, { visibility = "customer", spoken_seq = null, files = [] } = {}) {
    const client_id = newClientId();
    this.#thread.markUnread(null);
    this.dispatch({ type: "write", client_id, text, visibility, spoken_seq, files, at: new Date().toISOString() });
    this.#thread.toEnd();
    return client_id;
  }

  typing() {
    this.#socket.send({ type: "typing", ref: this.#state.ref });
  }

  /** Whether one more can be kept until it is sent. */
  get canWrite() {
    return this.#state.unsent.length < MOST_UNSENT;
  }

  /** Take a frame in. Other conversations' frames change nothing. */
  dispatch(frame) {
    if (this.#isStopped) return;
    const before = this.#state;
    this.#reduce(frame);
    const today = new Date().toDateString();
    // A new day renames the day marks.
    if (this.#state === before && this.#today === today) return;
    this.#today = today;
    this.#draw();
  }

  /** Fetch the page of history before what is drawn. */
  async showEarlier() {
    if (this.#isFetching || !this.#state.earlier || !this.#fetchEarlier) return;
    this.#isFetching = true;
    const { from: before, seq: as_of } = this.#state;
    try {
      this.dispatch({ type: "older", before, as_of, ...(await this.#fetchEarlier(before)) });
    } finally {
      this.#isFetching = false;
    }
  }

  /** Somebody looks at the thread now, or no longer. */
  shown() {
    this.#see();
  }

  /** Leave the conversation and its place on the page to another; answers that come later draw nothing. */
  stop() {
    this.#isStopped = true;
    for (const stop of this.#stops) stop();
    this.#thread.clear();
    this.#socket.unwatch(this.#state.topic);
  }

  #reduce(frame) {
    const { state, asks } = reduce(this.#state, frame, Date.now());
    const hadUnsent = this.#state.unsent;
    this.#state = state;
    // Kept before it is sent: what was once on its way is never only in memory.
    if (state.unsent !== hadUnsent) this.#unsent.keep(state.unsent);
    for (const ask of asks) this.#socket.send(ask);
  }

  #draw() {
    const isReturning = this.#told.delivered === 0 && lastHeard(this.#state) > this.#told.seen;
    if (this.#told.seen > 0 && (isReturning || !this.#isSeen)) this.#thread.markUnread(this.#told.seen);
    this.#thread.draw(this.#state);
    this.#onChange(this.#state);
    this.#see();
  }

  get #isSeen() {
    return document.visibilityState === "visible" && document.hasFocus() && this.#isShown();
  }

  /** Tell the other side how far this one has come, once for what is new. */
  #see() {
    if (!this.#tellsSeen) return;
    clearTimeout(this.#seenTimer);
    this.#seenTimer = setTimeout(() => {
      const heard = lastHeard(this.#state);
      const delivered = Math.max(heard, this.#told.delivered);
      const seen = this.#isSeen ? delivered : this.#told.seen;
      if (delivered === this.#told.delivered && seen === this.#told.seen) return;
      if (!this.#socket.send({ type: "seen", ref: this.#state.ref, delivered, seen })) return;
      this.#told = { delivered, seen };
      rememberSeen(this.#key, seen);
      this.#onChange(this.#state);
    }, SEEN_AFTER);
  }
}

// How far this browser has shown a conversation: a number, so that the reader finds the line after a reload.
function seenBefore(key) {
  try {
    return Number(localStorage.getItem(key)) || 0;
  } catch {
    return 0;
  }
}

function rememberSeen(key, seen) {
  try {
    localStorage.setItem(key, String(seen));
  } catch {
    // Without storage the server's own word counts, which may be a moment older.
  }
}
