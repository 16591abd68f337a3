// A shared worker: one WebSocket for all tabs of one session that watch the same. A tab joins a line by its key, says on it what it
// would say on a socket of its own (sharing.js), and hears what such a socket would tell it. What a tab hears besides, because
// another has asked for it, it has already: its reducer passes that over. It imports nothing, so that every browser can run it.

const LOST = 1006;
const lines = new Map();
// A lock that is held for as long as this worker lives, by which its tabs learn of its end: it may share a process with one of them.
const life = `kefu-line-${crypto.randomUUID()}`;
const isHeld = new Promise((held) => navigator.locks.request(life, () => (held(), new Promise(() => {}))));

/** One tab on a line. It has the name of a lock that its page holds for as long as it lives. */
class Tab {
  hello = null;
  isGreeted = false;
  // It has asked something, and will give the line up if no answer comes.
  isWaiting = false;
  watched = new Set();
  // Topics of which it may be told anew, since it has asked.
  asked = new Set();
  #port;
  #gone = new AbortController();

  constructor(port, lock, leave) {
    this.#port = port;
    // It is granted when the page is gone, however it went.
    navigator.locks.request(lock, { signal: this.#gone.signal }, leave).catch(() => {});
  }

  tell(what, more = {}) {
    this.#port.postMessage({ what, ...more });
  }

  watch(topic) {
    this.watched.add(topic);
    this.asked.add(topic);
  }

  part() {
    this.#gone.abort();
    this.#port.close();
  }
}

class Line {
  #socket;
  #onEnd;
  #tabs = new Set();
  // Whose hello went through.
  #first = null;
  #greeting = null;
  // Who has said what is not answered yet, by its client id.
  #sayers = new Map();

  constructor(url, onEnd) {
    this.#onEnd = onEnd;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#tell(this.#tabs, "open");
    this.#socket.onmessage = ({ data }) => this.#hear(data);
    this.#socket.onclose = ({ code }) => this.#end(code);
  }

  add(tab) {
    this.#tabs.add(tab);
    tab.tell("here", { lock: life });
    if (this.#isOpen) tab.tell("open");
  }

  /** Who gives the line up while they wait for it has found it dead, for the others as well. */
  leave(tab, { isGivenUp = false } = {}) {
    if (!this.#tabs.delete(tab)) return;
    tab.part();
    if (this.#tabs.size === 0 || (isGivenUp && (tab.isWaiting || !this.#isOpen))) this.#end(LOST);
  }

  say(tab, data) {
    if (!this.#isOpen) return;
    const frame = JSON.parse(data);
    if (frame.type === "hello") this.#hail(tab, frame, data);
    else if (frame.type === "watch") tab.watch(frame.topic);
    else if (frame.type === "unwatch") tab.watched.delete(frame.topic);
    else if (frame.type === "ping") tab.isWaiting = true;
    else if (frame.client_id) this.#sayers.set(frame.client_id, [...(this.#sayers.get(frame.client_id) ?? []), tab]);
    const isOthers = frame.type === "unwatch" && [...this.#tabs].some(({ watched }) => watched.has(frame.topic));
    if (frame.type !== "hello" && !isOthers) this.#socket.send(data);
  }

  get #isOpen() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The first hello goes through; the greeting is the others' as well. */
  #hail(tab, hello, data) {
    Object.assign(tab, { hello, isWaiting: true });
    for (const { topic } of hello.watch) tab.watch(topic);
    if (this.#greeting) this.#greet(tab);
    else if (!this.#first) this.#socket.send(data);
    this.#first ??= tab;
  }

  /** What the first tab has missed is on its way; what each other one has missed is asked for. */
  #greet(tab) {
    Object.assign(tab, { isGreeted: true, isWaiting: false });
    tab.tell("frame", { data: this.#greeting });
    if (tab !== this.#first) for (const { topic, after } of tab.hello.watch) this.#socket.send(JSON.stringify({ type: "watch", topic, after }));
  }

  #hear(data) {
    const frame = JSON.parse(data);
    if (frame.type === "hello") {
      this.#greeting = data;
      for (const tab of this.#tabs) if (tab.hello) this.#greet(tab);
      return;
    }
    for (const tab of this.#tabs) tab.isWaiting = false;
    this.#tell(this.#concerned(frame), "frame", { data });
  }

  /** A snapshot would draw a thread anew that somebody reads, and an answer is for whoever asked; all else is for all. */
  #concerned(frame) {
    const greeted = [...this.#tabs].filter(({ isGreeted }) => isGreeted);
    const all = (few) => (few.length > 0 ? few : greeted);
    if (frame.type === "resync" || frame.type === "events") {
      const askers = greeted.filter(({ asked }) => asked.delete(frame.topic));
      return frame.type === "resync" ? all(askers) : greeted;
    }
    if (!frame.client_id) return greeted;
    const sayers = this.#sayers.get(frame.client_id) ?? [];
    this.#sayers.delete(frame.client_id);
    // What one has said has happened for all of them, and may come in no other way.
    if (frame.type === "ack") return greeted;
    return all(greeted.filter((tab) => sayers.includes(tab)));
  }

  #tell(tabs, what, more) {
    for (const tab of tabs) tab.tell(what, more);
  }

  #end(code) {
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#onEnd();
    this.#tell(this.#tabs, "closed", { code });
    for (const tab of this.#tabs) tab.part();
    this.#tabs.clear();
  }
}

function lineFor(key, url) {
  if (!lines.has(key)) lines.set(key, new Line(url, () => lines.delete(key)));
  return lines.get(key);
}

globalThis.onconnect = async ({ ports: [port] }) => {
  let line = null;
  let tab = null;
  await isHeld;
  port.onmessage = ({ data: { what, key, url, lock, data } }) => {
    if (what === "join") {
      line = lineFor(key, url);
      tab = new Tab(port, lock, () => line.leave(tab));
      line.add(tab);
    } else if (what === "say") line.say(tab, data);
    else line.leave(tab, { isGivenUp: what === "give up" });
  };
};
