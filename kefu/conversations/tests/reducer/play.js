// Frames for the reducer's stories, and a way to play them. A story says what it is about; what such a frame holds beside is
// filled in, so that all of them are frames of the protocol: `recorded` has what was heard and asked, for a test to see to it.

import { begin, lines, reduce } from "/static/conversations/reducer.js";

export const REF = "XH-7Q2M-9KDV-0T3A-C";
export const CUSTOMER = { kind: "customer", id: 4, name: "陈晓" };
export const MEI = { kind: "agent", id: 4, name: "林美" };
export const AN = { kind: "agent", id: 5, name: "安" };
export const [A, B, C, D, E] = ["a", "b", "c", "d", "e"].map((name) => `client-${name}`);
const AT = "2026-11-23T06:00:00+00:00";
export const recorded = { heard: [], pages: [], asked: [] };

/** The last state and the asks of each frame. A frame comes at `now`, by default half a second after the one before. */
export function play(frames, { audience = "customer", from = null } = {}) {
  let state = from ?? begin({ ref: REF, audience });
  let clock = 0;
  const asks = frames.map(({ now, ...frame }) => {
    clock = now ?? clock + 500;
    const next = reduce(state, whole(frame, state.audience), clock);
    state = next.state;
    recorded.asked.push(...next.asks);
    return next.asks;
  });
  return { state, asks, last: asks.at(-1) };
}

/** The frame as the server would write it to this audience; what the page itself says stays as it is. */
function whole(frame, audience) {
  if (frame.type === "older") {
    const page = { ...frame, events: frame.events.map((event) => wholeEvent(event, audience)) };
    recorded.pages.push([audience, { events: page.events, earlier: page.earlier }]);
    return page;
  }
  if (!TOLD[frame.type]) return frame;
  const topic = frame.topic ?? `conversation:${REF}/${audience}`;
  const side = topic.split("/")[1];
  const told = { ...frame, ...TOLD[frame.type](frame, side, topic) };
  recorded.heard.push([side, told]);
  return told;
}

const TOLD = {
  hello: () => ({ protocol: 1, you: MEI }),
  events: ({ events }, side, topic) => ({ topic, events: events.map((event) => wholeEvent(event, side)) }),
  resync: ({ snapshot }, side, topic) => {
    const { events, cursors, head } = snapshot;
    const drawn = { events: events.map((event) => wholeEvent(event, side)), cursors: cursors.map((cursor) => ({ ...cursor, who: towards(side, cursor.who) })) };
    return { topic, snapshot: { ...snapshot, topic, head: wholeHead(head, side), ...drawn } };
  },
  ack: ({ ref, message, head }, side) => ({ ref: ref ?? REF, message: wholeMessage(message, side), head: head ? wholeHead(head, side) : null }),
  stale: ({ events }, side) => ({ ref: REF, events: events.map((event) => wholeEvent(event, side)) }),
  error: ({ client_id, retry_after_ms }) => ({ client_id: client_id ?? null, retry_after_ms: retry_after_ms ?? null }),
  typing: ({ who }, side, topic) => ({ topic, who: towards(side, who) }),
  looking: ({ who }, side, topic) => ({ topic, who: who.map((one) => towards(side, one)) }),
};

const PARTS = {
  opened: { topic_name_key: "deposit" },
  assigned: { agent: null, by: null },
  resolved: { by: null },
  reopened: { by: null },
  rated: { verdict: "solved", by: null },
  explained: { rating: 1, text: "", secrets: [], by: null },
};

function wholeEvent(event, side) {
  const told = { at: AT, ...PARTS[event.kind], ...event };
  for (const name of ["agent", "by", "who"]) if (told[name]) told[name] = towards(side, told[name]);
  if (told.message) told.message = wholeMessage(told.message, side);
  if (told.head) told.head = wholeHead(told.head, side);
  return told;
}

const wholeMessage = (one, side) => ({ ...one, author: towards(side, one.author) });

function wholeHead(head, side) {
  const told = { ...headOf(0), ...head };
  return side === "customer" ? told : { spoken_seq: 0, customer: { ...CUSTOMER, level: 0, zone: "Asia/Shanghai" }, ...told };
}

/** Towards the customer nobody has an id, and customers have no name. */
export const towards = (side, who) => (side === "staff" ? who : { ...who, id: 0, name: who.kind === "customer" ? "" : who.name });

/** A head that is told from others by its number. */
export const headOf = (number) => ({ ref: REF, state: "open", turn: "customer", turn_since: AT, assignee: null, topic: `topic-${number}`, language: "zh-hans" });
export const message = (seq, fields = {}) => ({ id: seq, seq, client_id: null, author: MEI, mine: false, visibility: "customer", text: `${seq}`, secrets: [], files: [], at: AT, edited: false, erased: false, ...fields });
export const said = (seq, fields) => ({ seq, kind: "message", message: message(seq, fields) });
export const events = (...list) => ({ type: "events", events: list });
export const snapshot = (seq, fields = {}) => ({ type: "resync", snapshot: { seq, head: headOf(seq), events: [], cursors: [], earlier: false, ...fields } });
export const head = (seq, number = seq) => ({ seq, kind: "conversation", head: headOf(number) });
export const write = (client_id, fields = {}) => ({ type: "write", client_id, text: "好", at: "2026-11-23T06:00:00Z", ...fields });
export const ack = (client_id, seq, fields) => ({ type: "ack", client_id, message: message(seq, { mine: true, author: CUSTOMER, client_id, ...fields }) });
/** An acknowledgement that is the event as well, and leads to the head of this number. */
export const led = (client_id, seq, number = seq) => ({ ...ack(client_id, seq), head: headOf(number) });
export const cursor = (seq, who, delivered, seen) => ({ seq, kind: "cursor", who, delivered, seen });
export const hello = { type: "hello" };
export const tick = { type: "tick" };
export const watch = (after) => ({ type: "watch", topic: `conversation:${REF}/customer`, after });
export const places = (state) => lines(state).map((line) => line.place ?? line.entry.client_id);
export const texts = (state) => lines(state).map((line) => line.message?.text);
export const unsent = (state, field) => state.unsent.map((entry) => entry[field]);
export const says = (asks) => asks.flat().filter(({ type }) => type === "say").map(({ client_id }) => client_id);
export const watches = (asks) => asks.flat().filter(({ type }) => type === "watch").length;
