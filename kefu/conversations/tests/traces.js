// A model of the server and of a bad line, to drive the reducer through: frames are lost, doubled and put in any order.
// Replaying a seed replays its trace. Every frame is one of the protocol: a test holds those of some traces to the schema.

import { begin, fate, lines, reduce } from "../conversations/reducer.js";

const REF = "XH-7Q2M-9KDV-0T3A-C";
const WINDOW = 12;
const MOST_REPLAYED = 30;
const CUSTOMER = { kind: "customer", id: 0, name: "" };
const AGENT = { kind: "agent", id: 0, name: "林美" };
// Of how far it has come a customer learns, and not from whom.
const SOMEBODY = { ...AGENT, name: "" };
const HELLO = { type: "hello", protocol: 1, you: { kind: "customer", id: 4, name: "" } };
// What the page says to itself.
const OWN = new Set(["closed", "write", "older", "tick"]);
const PARTS = { opened: { topic_name_key: "deposit" } };
const moment = (seq) => new Date(1e12 + seq * 1000).toISOString().replace(".000Z", "+00:00");

function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What the server has: events without holes, drawn anew from today's rows each time. */
class Server {
  topic = `conversation:${REF}/customer`;
  #rows = [];
  #messages = new Map();
  #turns = 0;
  // Places that somebody was told with an acknowledgement.
  led = new Set();

  get seq() {
    return this.#rows.length;
  }

  get said() {
    return [...this.#messages.values()].filter(({ mine }) => mine).map(({ client_id, text }) => ({ client_id, text }));
  }

  add(kind, fields = {}) {
    this.#rows.push({ seq: this.seq + 1, kind, at: moment(this.seq), ...PARTS[kind], ...fields });
    this.#turns += 1;
    return this.seq;
  }

  say({ client_id, text }, mine) {
    const known = [...this.#messages.values()].find((message) => client_id && message.client_id === client_id);
    if (known) return known;
    const id = this.#messages.size + 1;
    const seq = this.add("message", { id });
    const message = { id, seq, client_id, text, mine, author: mine ? CUSTOMER : AGENT, visibility: "customer", secrets: [], files: [], edited: false, erased: false };
    this.#messages.set(id, { ...message, at: moment(seq) });
    return this.#messages.get(id);
  }

  erase(pick) {
    const message = [...this.#messages.values()][Math.floor(pick * this.#messages.size)];
    if (!message) return;
    message.erased = true;
    message.text = "";
    this.add("message", { id: message.id });
  }

  #draw(row) {
    const { id, ...drawn } = row;
    return id ? { ...drawn, message: { ...this.#messages.get(id) } } : drawn;
  }

  get head() {
    // The number of the turns stands for all that may change.
    return { ref: REF, state: "open", turn: "customer", turn_since: moment(0), assignee: null, topic: `topic-${this.#turns}`, language: "zh-hans" };
  }

  #isDrawn(row) {
    return row.kind === "message" ? this.#messages.get(row.id).seq === row.seq : ["opened", "assigned", "resolved", "reopened"].includes(row.kind);
  }

  cursors() {
    const moves = this.#rows.filter(({ kind }) => kind === "cursor");
    if (!moves.length) return [];
    const most = (name) => Math.max(...moves.map((move) => move[name]));
    return [{ who: SOMEBODY, delivered: most("delivered"), seen: most("seen") }];
  }

  drawnFrom(from) {
    return this.#rows.filter((row) => row.seq >= from && this.#isDrawn(row)).map((row) => this.#draw(row));
  }

  snapshot() {
    const drawn = this.drawnFrom(0);
    return { topic: this.topic, seq: this.seq, head: this.head, events: drawn.slice(-WINDOW), cursors: this.cursors(), earlier: drawn.length > WINDOW };
  }

  older(before) {
    const drawn = this.drawnFrom(0).filter(({ seq }) => seq < before);
    return { events: drawn.slice(-WINDOW), earlier: drawn.length > WINDOW };
  }

  frame(events) {
    return { type: "events", topic: this.topic, events: [...events, { seq: events.at(-1).seq, kind: "conversation", at: events.at(-1).at, head: this.head }] };
  }

  news(after) {
    return this.frame(this.#rows.filter(({ seq }) => seq > after).map((row) => this.#draw(row)));
  }

  /** The answers to a client's frame. */
  answer(ask) {
    if (ask.type === "say") {
      const message = { ...this.say(ask, true) };
      // With what it leads to, where nothing has happened since; then it is told in no other way.
      const isLast = message.seq === this.seq;
      if (isLast) this.led.add(message.seq);
      return [{ type: "ack", ref: REF, client_id: ask.client_id, message, head: isLast ? this.head : null }];
    }
    if (ask.after === this.seq) return [];
    const isTooMuch = ask.after < 0 || ask.after > this.seq || this.seq - ask.after > MOST_REPLAYED;
    return [isTooMuch ? { type: "resync", topic: this.topic, snapshot: this.snapshot() } : this.news(ask.after)];
  }
}

/** A client on a line that loses, doubles and shuffles both ways. */
class Client {
  state = begin({ ref: REF, audience: "customer" });
  now = 0;
  #server;
  #chance;
  #coming = [];
  #told = 0;
  #recorded;

  constructor(server, chance, recorded) {
    this.#server = server;
    this.#chance = chance;
    this.#recorded = recorded;
  }

  take(frame, isReliable) {
    const { state, asks } = reduce(this.state, frame, this.now);
    this.state = state;
    if (!OWN.has(frame.type)) this.#recorded?.heard.push(frame);
    this.#recorded?.asked.push(...asks);
    for (const ask of asks) if (isReliable || this.#chance() > 0.2) this.#coming.push(...this.#server.answer(ask));
  }

  /** What has happened since the last look, as the server's tail would send it. */
  tail() {
    const isNew = (seq) => seq <= this.#server.seq && (!this.#server.led.has(seq) || isNew(seq + 1));
    if (isNew(this.#told + 1)) this.#coming.push(this.#server.news(this.#told));
    this.#told = this.#server.seq;
  }

  hear() {
    const place = Math.floor(this.#chance() * this.#coming.length);
    const frame = this.#coming[place];
    if (!frame) return;
    const fate_ = this.#chance();
    if (fate_ > 0.15) this.take(structuredClone(frame), false);
    // One in six stays on the line and comes once more.
    if (fate_ < 0.85) this.#coming.splice(place, 1);
  }

  connect() {
    this.#coming = [];
    this.take({ type: "closed" }, true);
    this.take(HELLO, true);
    this.#coming.push(...this.#server.answer({ type: "watch", topic: this.state.topic, after: this.state.seq }));
    this.#told = this.#server.seq;
  }

  /** A good line again, until nothing is left to say. */
  settle() {
    this.connect();
    for (let round = 0; round < 400; round += 1) {
      this.tail();
      const frame = this.#coming.shift();
      this.now += frame ? 1 : 20_000;
      this.take(frame ?? { type: "tick" }, true);
      if (!frame && !this.#coming.length && !this.state.unsent.length && this.state.seq === this.#server.seq) return;
    }
  }
}

const DEEDS = [
  [0.16, ({ client, count, written }) => {
    const entry = { client_id: `client-${count}`, text: `mine ${count}`, at: new Date(0).toISOString() };
    written.push(entry);
    client.take({ type: "write", visibility: "customer", ...entry }, false);
  }],
  [0.32, ({ server, count }) => server.say({ client_id: null, text: `theirs ${count}` }, false)],
  [0.36, ({ server }) => server.add("assigned", { agent: AGENT, by: AGENT })],
  [0.38, ({ server, chance }) => server.erase(chance())],
  [0.42, ({ server }) => server.add("skip")],
  [0.48, ({ server }) => server.add("cursor", { who: SOMEBODY, delivered: server.seq, seen: Math.max(0, server.seq - 2) })],
  [0.5, ({ server, client }) => {
    const { from: before, seq: as_of, earlier } = client.state;
    if (earlier) client.take({ type: "older", before, as_of, ...structuredClone(server.older(before)) }, true);
  }],
  [0.53, ({ client }) => client.connect()],
  [0.65, ({ client }) => client.tail()],
  [0.7, ({ client }) => {
    client.now += 2_000;
    client.take({ type: "tick" }, false);
  }],
  [1, ({ client }) => client.hear()],
];

/** Run one trace; null if the thread ended as the server has it, else what differs. `recorded` takes what was heard and asked. */
export function run(seed, { steps = 300, recorded = null } = {}) {
  const chance = randomFrom(seed);
  const server = new Server();
  server.add("opened");
  const client = new Client(server, chance, recorded);
  const written = [];
  for (let count = 0; count < steps; count += 1) {
    const pick = chance();
    DEEDS.find(([upTo]) => pick < upTo)[1]({ server, client, chance, count, written });
  }
  client.settle();
  return difference(seed, server, client.state, written);
}

function difference(seed, server, state, written) {
  const strip = ({ place: _, asOf: __, ...rest }) => rest;
  const drawn = lines(state).map((line) => (line.message ? { ...line.message, kind: "message" } : strip(line)));
  const truth = server.drawnFrom(state.from).map((row) => (row.message ? { ...row.message, kind: "message" } : row));
  const pairs = {
    seq: [state.seq, server.seq],
    thread: [drawn, truth],
    head: [state.head, server.head],
    cursors: [Object.values(state.cursors), server.cursors()],
    said: [server.said, written.map(({ client_id, text }) => ({ client_id, text })).map((one) => (wasErased(server, one) ? { ...one, text: "" } : one))],
    unsent: [state.unsent, []],
    seen: [truth.filter(({ mine }) => mine).map((message) => fate(state, message)), truth.filter(({ mine }) => mine).map((message) => trueFate(server, message))],
  };
  for (const [name, [got, wanted]] of Object.entries(pairs)) {
    if (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(wanted))) return { seed, name, got, wanted };
  }
  return null;
}

function wasErased(server, { client_id }) {
  return server.said.find((one) => one.client_id === client_id)?.text === "";
}

function trueFate(server, { seq }) {
  const [cursor] = server.cursors();
  if (cursor?.seen >= seq) return "seen";
  return cursor?.delivered >= seq ? "delivered" : "sent";
}

/** The same value with its keys in order, so that two ways of building it compare. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
