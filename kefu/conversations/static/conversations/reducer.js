// One conversation as one reader sees it: a pure function from frames to state. No page, no clock, no network.
// Frames come from the server (docs/developers/protocol.md) and from the page itself: `closed`, `write`, `retry`, `drop`,
// `restore`, `older` and `tick`. They may come in any order, twice, or not at all; the thread ends the same.

import { erase } from "./erasing.js";
import { agree } from "./explaining.js";

const ASK_AGAIN_AFTER = 5_000;
const SEND_AGAIN_AFTER = 15_000;
const PENDING_AT_MOST = 500;
const PASSING = new Set(["busy", "too_many"]);
const DRAWN = new Set(["opened", "message", "assigned", "resolved", "reopened", "rated", "explained"]);

/** The state before anything is known of the conversation. `audience` is "customer" or "staff". */
export function begin({ ref, audience }) {
  return {
    ref,
    audience,
    topic: `conversation:${ref}/${audience}`,
    online: false,
    seq: -1, // The last event that was applied, with none missing before it; -1 before the first snapshot, which no event follows: they count from 1.
    expects: -1, // The highest seq that is known to exist, from acknowledgements.
    from: 0, // Where the drawn part begins; what is older is fetched when the reader asks.
    earlier: false,
    head: null,
    headAt: -1,
    redrawnAt: -1, // Of a page of history that was asked for before this, nobody knows what has changed since.
    items: {},
    pending: [], // Events beyond a hole.
    cursors: {},
    typing: {},
    looking: [],
    unsent: [],
    asked: null,
  };
}

/** The next state, and `asks`: the frames that should go to the server because of it. `now` is in milliseconds. */
export function reduce(state, frame, now) {
  const step = STEPS[frame.type];
  const isOurs = (frame.topic ?? state.topic) === state.topic && (frame.ref ?? state.ref) === state.ref;
  if (!step || !isOurs) return { state, asks: [] };
  return settle(step(state, frame, now), now);
}

/** What is drawn, in order: events first, then what is not sent yet. */
export function lines(state) {
  const drawn = Object.values(state.items).filter((item) => item.place >= state.from);
  return [...drawn.sort((one, other) => one.place - other.place), ...state.unsent.map((entry) => ({ kind: "unsent", entry }))];
}

/** How far a message of the reader's own side has come: "sent", "delivered" or "seen". */
export function fate(state, message) {
  const other = state.audience === "customer" ? "agent" : "customer";
  const cursors = Object.values(state.cursors).filter(({ who }) => who.kind === other);
  if (cursors.some(({ seen }) => seen >= message.seq)) return "seen";
  return cursors.some(({ delivered }) => delivered >= message.seq) ? "delivered" : "sent";
}

/** The seq of the last thing that the other side said, 0 if nothing. */
export function lastHeard(state) {
  return Object.values(state.items).reduce((last, { kind, place, message }) => (kind === "message" && !message.mine ? Math.max(last, place) : last), 0);
}

/** The seq of the last thing said to or by the customer that the reader can have read: what is on the screen, or above it. */
export function spoken({ items, head, from }) {
  const above = head && head.spoken_seq < from ? head.spoken_seq : 0;
  const said = Object.values(items).filter(({ kind, message }) => kind === "message" && message.visibility === "customer");
  return said.reduce((last, { place }) => Math.max(last, place), above);
}

const STEPS = {
  hello: (state, frame, now) => ({ ...state, online: true, unsent: requeued(state.unsent), asked: { seq: state.seq, at: now } }),
  closed: (state) => ({ ...state, online: false, unsent: requeued(state.unsent), typing: {}, looking: [] }),
  events: (state, frame) => advance(state, frame.events),
  resync: (state, frame) => anew(state, frame.snapshot),
  ack: acknowledged,
  stale: (state, frame) => {
    const held = { state: "stale", spoken_seq: frame.spoken_seq };
    // What held it back exists, so it is fetched if it did not come along.
    const expects = Math.max(state.expects, frame.spoken_seq);
    return advance({ ...changed(state, frame.client_id, held), expects }, frame.events ?? []);
  },
  error: refused,
  typing: (state, { who, for_ms }, now) => ({ ...state, typing: { ...state.typing, [name(who)]: { who, until: now + for_ms } } }),
  looking: (state, { who }) => ({ ...state, looking: who }),
  write: (state, frame) => queued(state, [frame]),
  restore: (state, frame) => queued(state, frame.entries),
  retry: (state, { client_id, spoken_seq }) => {
    const again = { state: "queued", retry_at: 0, code: null };
    return changed(state, client_id, spoken_seq === undefined ? again : { ...again, spoken_seq });
  },
  drop: (state, { client_id }) => ({ ...state, unsent: state.unsent.filter((entry) => entry.client_id !== client_id) }),
  older,
  tick: (state, frame, now) => {
    const still = Object.entries(state.typing).filter(([, { until }]) => until > now);
    return still.length === Object.keys(state.typing).length ? state : { ...state, typing: Object.fromEntries(still) };
  },
};

function advance(state, events) {
  const waiting = new Map(state.pending.map((event) => [event.seq, event]));
  const next = { ...state, items: { ...state.items }, cursors: { ...state.cursors }, typing: { ...state.typing } };
  for (const event of events) {
    if (event.kind === "conversation") lead(next, event);
    else if (event.seq > state.seq) waiting.set(event.seq, event);
  }
  while (waiting.has(next.seq + 1)) {
    next.seq += 1;
    apply(next, waiting.get(next.seq));
  }
  const beyond = [...waiting.values()].filter(({ seq }) => seq > next.seq);
  // What falls off the end is no loss: a replay brings everything after the hole.
  next.pending = beyond.sort((one, other) => one.seq - other.seq).slice(0, PENDING_AT_MOST);
  return next;
}

/** Change a fresh copy of the state by one event, drawn when the server had come to `asOf`. */
function apply(next, event, asOf = event.seq) {
  if (event.kind === "cursor") move(next.cursors, event);
  else if (event.kind === "message") hear(next, event.message, asOf);
  else if (event.kind === "erased") erase(next, event.seq);
  else if (DRAWN.has(event.kind)) next.items[`e${event.seq}`] = { ...event, place: event.seq, asOf };
  if (event.kind === "explained") agree(next.items);
}

/** The head has no place of its own: it says what the events up to its seq lead to, so the furthest one holds. */
function lead(next, { seq, head }) {
  if (seq < next.headAt) return;
  next.head = head;
  next.headAt = seq;
}

function hear(next, message, asOf) {
  const known = next.items[`m${message.id}`]?.message;
  const client_id = message.client_id ?? known?.client_id ?? null;
  next.items[`m${message.id}`] = { kind: "message", place: message.seq, asOf, at: message.at, message: { ...message, client_id } };
  if (client_id) next.unsent = next.unsent.filter((entry) => entry.client_id !== client_id);
  delete next.typing[name(message.author)];
}

function move(cursors, { who, delivered, seen }) {
  const known = cursors[name(who)] ?? { delivered: 0, seen: 0 };
  cursors[name(who)] = { who, delivered: Math.max(known.delivered, delivered), seen: Math.max(known.seen, seen) };
}

function anew(state, snapshot) {
  // Less than what we asked to follow: the server was put back to an earlier day. Else the snapshot only left before
  // events that we already have, and tells nothing new.
  const isOtherHistory = snapshot.seq < (state.asked?.seq ?? -1);
  if (snapshot.seq < state.seq && !isOtherHistory) return state;
  const known = isOtherHistory ? { ...state, items: {}, pending: [], expects: -1, headAt: -1 } : state;
  const next = { ...known, items: {}, cursors: {}, typing: { ...state.typing }, seq: snapshot.seq, redrawnAt: snapshot.seq, earlier: snapshot.earlier };
  lead(next, snapshot);
  for (const event of snapshot.events) apply(next, event);
  for (const cursor of snapshot.cursors) move(next.cursors, cursor);
  next.from = snapshot.earlier ? first(snapshot.events) : 0;
  // Acknowledged, but younger than the snapshot: the event is still on its way.
  for (const [key, item] of Object.entries(known.items)) if (item.place > snapshot.seq) next.items[key] = item;
  return advance(next, []);
}

/** With a head it is the message's event as well, and no other need come. */
function acknowledged(state, { client_id, message, head }, now) {
  const next = { ...state, items: { ...state.items }, typing: { ...state.typing } };
  const known = next.items[`m${message.id}`];
  // An event that came before its acknowledgement is at least as fresh, but need not know who sent it.
  hear(next, { ...(known?.message ?? message), client_id }, known?.asOf ?? message.seq);
  next.unsent = next.unsent.filter((entry) => entry.client_id !== client_id);
  next.expects = Math.max(state.expects, message.seq);
  next.asked = state.asked?.seq === state.seq ? state.asked : { seq: state.seq, at: now };
  const { seq, at } = message;
  return head ? advance(next, [{ seq, at, kind: "message", message }, { seq, at, kind: "conversation", head }]) : next;
}

function refused(state, { code, client_id, retry_after_ms }, now) {
  if (!client_id) return state;
  if (PASSING.has(code)) return changed(state, client_id, { state: "queued", retry_at: now + (retry_after_ms ?? 1_000) });
  return changed(state, client_id, { state: "failed", code });
}

function queued(state, entries) {
  const said = new Set(Object.values(state.items).map((item) => item.message?.client_id));
  const waiting = new Set(state.unsent.map((entry) => entry.client_id));
  const fresh = entries.filter(({ client_id }) => !said.has(client_id) && !waiting.has(client_id));
  const unsent = fresh.map(({ client_id, text, visibility, spoken_seq, at, state: was, files }) => ({
    client_id,
    text,
    ...(files?.length && { files }),
    visibility: visibility ?? "customer",
    spoken_seq: spoken_seq ?? null,
    at,
    state: was === "failed" || was === "stale" ? was : "queued",
    retry_at: 0,
    code: null,
  }));
  return { ...state, unsent: [...state.unsent, ...unsent] };
}

/** A page of history, asked for when the state had come to `as_of`; what was heard since is fresher. */
function older(state, { before, as_of, events, earlier }) {
  if (before !== state.from || as_of < state.redrawnAt) return state;
  const next = { ...state, items: {}, cursors: { ...state.cursors }, typing: { ...state.typing } };
  for (const event of events) apply(next, event, as_of);
  for (const [key, item] of Object.entries(state.items)) if (!next.items[key] || item.asOf > as_of) next.items[key] = item;
  agree(next.items);
  next.earlier = earlier && events.length > 0;
  next.from = next.earlier ? first(events) : 0;
  return next;
}

/** Ask for what is missing, and send the next message. One message is on its way at a time, so order is kept. */
function settle(state, now) {
  if (!state.online) return { state, asks: [] };
  const asks = [];
  let next = state;
  if (needsReplay(state, now)) {
    asks.push({ type: "watch", topic: state.topic, after: state.seq });
    next = { ...next, asked: { seq: state.seq, at: now } };
  }
  const entry = state.unsent.find((waiting) => waiting.state === "queued" || waiting.state === "sending");
  if (entry && isDue(entry, now)) {
    const { client_id, text, visibility, spoken_seq, files } = entry;
    asks.push({ type: "say", ref: state.ref, client_id, text, visibility, spoken_seq, ...(files && { files: files.map(({ key }) => key) }) });
    next = changed(next, client_id, { state: "sending", sent_at: now });
  }
  return { state: next, asks };
}

function needsReplay({ seq, asked, pending, expects }, now) {
  const isWaiting = asked?.seq === seq && now - asked.at < ASK_AGAIN_AFTER;
  return !isWaiting && (seq < 0 || pending.length > 0 || expects > seq);
}

function isDue(entry, now) {
  return entry.state === "sending" ? now - entry.sent_at >= SEND_AGAIN_AFTER : entry.retry_at <= now;
}

function changed(state, client_id, change) {
  return { ...state, unsent: state.unsent.map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry)) };
}

function requeued(unsent) {
  return unsent.map((entry) => (entry.state === "sending" ? { ...entry, state: "queued" } : entry));
}

const first = (events) => events.reduce((least, { seq }) => Math.min(least, seq), Infinity);
const name = ({ kind, id }) => `${kind}:${id}`;
