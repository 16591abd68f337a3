// Frames for the reducer's stories, and a way to play them.

import { begin, lines, reduce } from "/static/conversations/reducer.js";

export const REF = "XH-7Q2M-9KDV-0T3A-C";
export const CUSTOMER = { kind: "customer", id: 4, name: "陈晓" };
export const MEI = { kind: "agent", id: 4, name: "林美" };
export const AN = { kind: "agent", id: 5, name: "安" };

/** The last state and the asks of each frame. A frame comes at `now`, by default half a second after the one before. */
export function play(frames, { audience = "customer", from = null } = {}) {
  let state = from ?? begin({ ref: REF, audience });
  let clock = 0;
  const asks = frames.map(({ now, ...frame }) => {
    clock = now ?? clock + 500;
    const next = reduce(state, frame, clock);
    state = next.state;
    return next.asks;
  });
  return { state, asks, last: asks.at(-1) };
}

export const message = (seq, fields = {}) => ({ id: seq, seq, author: MEI, mine: false, text: `${seq}`, at: "2026-11-23T06:00:00Z", client_id: null, ...fields });
export const said = (seq, fields) => ({ seq, kind: "message", message: message(seq, fields) });
export const events = (...list) => ({ type: "events", events: list });
export const snapshot = (seq, fields = {}) => ({ type: "resync", snapshot: { seq, head: { turn: seq }, events: [], cursors: [], earlier: false, ...fields } });
export const head = (seq, turn = seq) => ({ seq, kind: "conversation", head: { turn } });
export const write = (client_id, fields = {}) => ({ type: "write", client_id, text: "好", at: "2026-11-23T06:00:00Z", ...fields });
export const ack = (client_id, seq, fields) => ({ type: "ack", client_id, message: message(seq, { mine: true, author: CUSTOMER, client_id, ...fields }) });
export const cursor = (seq, who, delivered, seen) => ({ seq, kind: "cursor", who, delivered, seen });
export const hello = { type: "hello" };
export const tick = { type: "tick" };
export const watch = (after) => ({ type: "watch", topic: `conversation:${REF}/customer`, after });
export const places = (state) => lines(state).map((line) => line.place ?? line.entry.client_id);
export const texts = (state) => lines(state).map((line) => line.message?.text);
export const unsent = (state, field) => state.unsent.map((entry) => entry[field]);
export const says = (asks) => asks.flat().filter(({ type }) => type === "say").map(({ client_id }) => client_id);
export const watches = (asks) => asks.flat().filter(({ type }) => type === "watch").length;
