// What the reducer does with what was written, until it is said: one rule a story.

import { lines } from "/static/conversations/reducer.js";
import { A, B, C, D, E, REF, CUSTOMER, MEI, AN, play, message, head, said, events, snapshot, write, ack, led, hello, tick, watch, places, texts, unsent, says, watches } from "./play.js";

const KEYS = ["f1", "f2"].map((key) => key.repeat(16));

const sending = {
  "one message is on its way at a time, and the next follows its acknowledgement": () => {
    const { asks, state } = play([snapshot(1), write(A), write(B), hello, ack(A, 2)]);
    return [[asks.slice(3).map((one) => says([one])), unsent(state, "client_id")], [[[A], [B]], [B]]];
  },
  "a message is sent with all that was written": () => {
    const { last } = play([snapshot(1), hello, write(A, { text: "备注", visibility: "staff", spoken_seq: 1 })]);
    return [last, [{ type: "say", ref: REF, client_id: A, text: "备注", visibility: "staff", spoken_seq: 1 }]];
  },
  "a message is the customer's and knows no seq unless it says so": () => {
    const [entry] = play([write(A)]).state.unsent;
    return [entry, { client_id: A, text: "好", visibility: "customer", spoken_seq: null, at: "2026-11-23T06:00:00Z", state: "queued", retry_at: 0, code: null }];
  },
  "a message carries its files by key, keeps them as they are drawn, and needs none": () => {
    const files = [{ key: KEYS[0], name: "图.png" }, { key: KEYS[1], name: "b.pdf" }];
    const { state, last } = play([snapshot(1), hello, write(A, { files })]);
    const none = play([snapshot(1), hello, write(B, { files: [] })]);
    return [[last[0].files, unsent(state, "files"), "files" in none.last[0], "files" in none.state.unsent[0]], [KEYS, [files], false, false]];
  },
  "an acknowledgement with a head is the event as well: nothing is missing, and the head is as it says": () => {
    const { state, asks } = play([snapshot(1), hello, write(A), led(A, 2, 7), { ...tick, now: 60_000 }]);
    return [[state.seq, state.head.topic, state.headAt, places(state), watches(asks)], [2, "topic-7", 2, [2], 0]];
  },
  "an acknowledgement beyond a hole waits for what is missing, and then needs no event of its own": () => {
    const start = [snapshot(1), { ...hello, now: 0 }, { ...write(A), now: 1 }, { ...led(A, 3), now: 2 }];
    const { state, asks } = play([...start, { ...tick, now: 4_999 }, { ...tick, now: 5_001 }]);
    const filled = play([events(said(2), head(2))], { from: state }).state;
    return [[state.seq, watches(asks), watches(asks.slice(0, -1)), filled.seq, filled.head.topic, places(filled)], [1, 1, 0, 3, "topic-3", [2, 3]]];
  },
  "without an answer it is sent again after fifteen seconds": () => {
    const { asks } = play([snapshot(1), { ...hello, now: 0 }, { ...write(A), now: 1 }, { ...tick, now: 15_000 }, { ...tick, now: 15_001 }, { ...tick, now: 15_002 }]);
    return [asks.slice(2).map((one) => says([one])), [[A], [], [A], []]];
  },
  "it is sent again as soon as the line is back": () => {
    const broken = play([snapshot(1), hello, write(A), { type: "closed" }, hello]);
    const unheard = play([snapshot(1), hello, write(A), hello]);
    return [[says([broken.last]), says([unheard.last]), unsent(play([{ type: "closed" }], { from: broken.state }).state, "state")], [[A], [A], ["queued"]]];
  },
  "who is busy is asked again when they said, or after a second": () => {
    const busy = (fields) => play([snapshot(1), { ...hello, now: 0 }, { ...write(A), now: 0 }, { type: "error", client_id: A, now: 0, ...fields }, { ...tick, now: 999 }, { ...tick, now: 1_000 }, { ...tick, now: 3_000 }]).asks.slice(3);
    const told = [busy({ code: "busy", retry_after_ms: 3_000 }), busy({ code: "too_many" }), busy({ code: "refused" })];
    return [told.map((asks) => asks.map((one) => says([one]).length)), [[0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]]];
  },
  "a refused message keeps its reason, does not hold up the next, and can be tried again": () => {
    const start = [snapshot(1), hello, write(A), write(B), { type: "error", client_id: A, code: "refused" }];
    const { state, last } = play(start);
    const again = play([...start, ack(B, 2), { type: "retry", client_id: A }]);
    return [[says([last]), unsent(state, "code"), unsent(state, "state"), says([again.last]), unsent(again.state, "code")], [[B], ["refused", null], ["failed", "sending"], [A], [null]]];
  },
  "an error that is about no message changes nothing": () => {
    const start = [snapshot(1), hello, write(A)];
    return [play([...start, { type: "error", code: "refused" }]).state, play(start).state];
  },
  "a message that should wait is sent at once when somebody asks for it": () => {
    const { last } = play([snapshot(1), hello, write(A), { type: "error", client_id: A, code: "busy", retry_after_ms: 60_000 }, { type: "retry", client_id: A }]);
    return [says([last]), [A]];
  },
  "a stale reply keeps what is new, and goes out with the seq that the agent chose, or its own": () => {
    const start = [snapshot(1), hello, write(A, { spoken_seq: 1 }), { type: "stale", client_id: A, spoken_seq: 2, events: [said(2)] }];
    const staff = { audience: "staff" };
    const { state } = play(start, staff);
    const seqs = [{ spoken_seq: 9 }, {}].map((fields) => play([...start, { type: "retry", client_id: A, ...fields }], staff).last[0].spoken_seq);
    const bare = play([snapshot(1), hello, write(A), { type: "stale", client_id: A, spoken_seq: 2, events: [] }], staff).state;
    return [[unsent(state, "state"), places(state).slice(0, 1), seqs, unsent(bare, "state")], [["stale"], [2], [9, 2], ["stale"]]];
  },
  "only what is dropped is dropped": () => [unsent(play([write(A), write(B), { type: "drop", client_id: A }]).state, "client_id"), [B]],
  "what was kept comes back as it was, but for what is said or waits already": () => {
    const entries = [A, B, C, D, E].map((id, place) => ({ client_id: id, state: ["sending", "failed", "stale", "queued", "queued"][place] }));
    const { state } = play([snapshot(5, { events: [said(5, { client_id: E })] }), write(D), { type: "restore", entries }]);
    return [state.unsent.map((entry) => [entry.client_id, entry.state]), [[D, "queued"], [A, "queued"], [B, "failed"], [C, "stale"]]];
  },
};

const answers = {
  "an event that carries the message is an acknowledgement too": () => {
    const { state } = play([snapshot(1), hello, write(A), write(B), events(said(2, { client_id: A, mine: true, author: CUSTOMER }))]);
    return [unsent(state, "client_id"), [B]];
  },
  "an event that came first is fresher than the acknowledgement, which knows who sent it": () => {
    const { state } = play([snapshot(1), write(A), events(said(2, { text: "edited" })), ack(A, 2, { text: "first" })]);
    const [line] = lines(state);
    return [[line.message.text, line.message.client_id, line.asOf, unsent(state, "client_id")], ["edited", A, 2, []]];
  },
  "who sent it stays known when the message is drawn again": () => {
    const { state } = play([snapshot(1), write(A), ack(A, 2), events(said(2, { mine: true }))]);
    return [lines(state)[0].message.client_id, A];
  },
  "how fresh a line is survives its acknowledgement": () => {
    const edited = { seq: 9, kind: "message", message: message(5, { text: "edited" }) };
    const start = [snapshot(8, { events: [said(5), said(8)], earlier: true }), events(edited), ack(A, 5)];
    const { state } = play([...start, { type: "older", before: 5, as_of: 8, events: [said(4), said(5, { text: "older" })], earlier: true }]);
    return [texts(state), ["4", "edited", "8"]];
  },
  "after an acknowledgement its event is missed after five seconds, not before": () => {
    const start = [snapshot(1), { ...hello, now: 0 }, { ...events(said(2)), now: 1 }];
    const { asks, state } = play([...start, { ...ack(A, 5), now: 6_000 }, { ...ack(B, 4), now: 7_000 }, { ...tick, now: 10_999 }, { ...tick, now: 11_000 }]);
    return [[watches(asks.slice(0, -1)), asks.at(-1), state.expects], [0, [watch(2)], 5]];
  },
  "what was asked for is not asked for again because of an acknowledgement": () => {
    const { asks } = play([snapshot(1), { ...hello, now: 0 }, { ...ack(A, 4), now: 6_000 }, { ...ack(B, 3), now: 7_000 }, { ...tick, now: 10_999 }, { ...tick, now: 11_000 }]);
    return [asks.map((one) => watches([one])), [0, 0, 1, 0, 0, 1]];
  },
  "when the event of an acknowledgement has come nothing is missed": () => {
    const { asks } = play([snapshot(1), hello, ack(A, 2), events(said(2, { client_id: A })), { ...tick, now: 60_000 }]);
    return [watches(asks), 0];
  },
};

const passing = {
  "typing ends in its time, each person's by itself": () => {
    const start = [{ type: "typing", who: MEI, for_ms: 1_000, now: 0 }, { type: "typing", who: AN, for_ms: 2_000, now: 0 }, { type: "typing", who: { ...CUSTOMER }, for_ms: 2_000, now: 0 }];
    const left = [999, 1_000, 2_000].map((now) => Object.keys(play([...start, { ...tick, now }], { audience: "staff" }).state.typing));
    return [left, [["agent:4", "agent:5", "customer:4"], ["agent:5", "customer:4"], []]];
  },
  "who has said something types no longer": () => {
    const start = [snapshot(1), { type: "typing", who: MEI, for_ms: 9_000 }, { type: "typing", who: AN, for_ms: 9_000 }];
    return [Object.keys(play([...start, events(said(2))], { audience: "staff" }).state.typing), ["agent:5"]];
  },
  "nobody types or looks on a closed line": () => {
    const { state } = play([hello, { type: "typing", who: MEI, for_ms: 9_000 }, { type: "looking", who: [MEI] }], { audience: "staff" });
    const closed = play([{ type: "closed" }], { from: state }).state;
    return [[state.looking, state.online, closed.typing, closed.looking, closed.online], [[MEI], true, {}, [], false]];
  },
};

export const SENDING = { ...sending, ...answers, ...passing };
