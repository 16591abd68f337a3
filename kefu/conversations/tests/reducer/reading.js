// What the reducer makes of what it hears, one rule a story: frames go in, and what came out stands beside what should.
// Where the thread would mend itself all the same, a story looks at what was asked of the server on the way.

import { begin, fate, lastHeard, lines, spoken } from "/static/conversations/reducer.js";
import { rating } from "/static/conversations/resolution.js";
import { A, B, REF, CUSTOMER, MEI, AN, play, headOf, towards, message, said, events, snapshot, head, write, ack, cursor, hello, tick, watch, places, texts } from "./play.js";

const SECRETS = { first: "pem", a: "mnemonic", b: "code", c: "password" };

const belonging = {
  "frames of another conversation or another kind change nothing": () => {
    const others = [{ ...snapshot(3), topic: `conversation:${REF}/staff` }, { ...ack(A, 3), ref: "XH-7Q2M-9KDV-0T3B-D" }, { type: "unheard" }];
    return [play(others).state, begin({ ref: REF, audience: "customer" })];
  },
  "what is older than the drawn part is not drawn, what begins it is": () => {
    const { state } = play([snapshot(6, { events: [said(4), said(6)], earlier: true }), events({ ...said(7, { id: 2 }), message: message(2) })]);
    return [[places(state), state.from, state.earlier], [[4, 6], 4, true]];
  },
  "what is not sent yet stands below what is, in the order of writing": () => {
    const { state } = play([snapshot(1, { events: [said(1)] }), write(A), write(B), events(said(3), said(2))]);
    return [places(state), [1, 2, 3, A, B]];
  },
  "all kinds that people see are drawn, others are only counted": () => {
    const kinds = ["opened", "assigned", "resolved", "reopened", "rated", "explained", "skip"];
    const { state } = play([snapshot(0), events(...kinds.map((kind, place) => ({ seq: place + 1, kind })))]);
    return [[places(state), state.seq], [[1, 2, 3, 4, 5, 6], 7]];
  },
};

const fates = {
  "the other side's cursors tell how far a message has come": () => {
    const { state } = play([snapshot(9, { cursors: [{ who: MEI, delivered: 5, seen: 3 }, { who: AN, delivered: 4, seen: 4 }, { who: CUSTOMER, delivered: 9, seen: 9 }] })]);
    return [[3, 4, 5, 6].map((seq) => fate(state, { seq })), ["seen", "seen", "delivered", "sent"]];
  },
  "staff look at the customer's cursor": () => {
    const { state } = play([snapshot(9, { cursors: [{ who: MEI, delivered: 9, seen: 9 }, { who: CUSTOMER, delivered: 5, seen: 3 }] })], { audience: "staff" });
    return [[3, 5, 6].map((seq) => fate(state, { seq })), ["seen", "delivered", "sent"]];
  },
  "cursors never go back": () => {
    const { state } = play([snapshot(1), events(cursor(2, MEI, 9, 8), cursor(3, MEI, 4, 2))]);
    return [Object.values(state.cursors), [{ who: towards("customer", MEI), delivered: 9, seen: 8 }]];
  },
  "what is read is what was said on the screen, or above it": () => {
    const notes = [said(7), said(8, { visibility: "staff" })];
    const told = (fields) => spoken(play([snapshot(9, { events: notes, ...fields })], { audience: "staff" }).state);
    const above = (spoken_seq) => told({ events: [notes[1]], earlier: true, head: { spoken_seq } });
    return [[told({}), told({ events: [] }), above(7), above(8), spoken(begin({ ref: REF, audience: "staff" }))], [7, 0, 7, 0, 0]];
  },
  "a rating is of the present resolution, and the last word of it holds": () => {
    const told = (state, ...kinds) => rating(play([snapshot(0, { head: { state } }), events(...kinds.map((event, place) => ({ seq: place + 1, ...event })))]).state);
    const [solved, not, words, done] = [{ kind: "rated", verdict: "solved" }, { kind: "rated", verdict: "not_solved" }, { kind: "explained", text: "a" }, { kind: "resolved" }];
    return [
      [told("open", done, solved), told("resolved", done), told("resolved", done, not, words, solved), told("resolved", done, not, words, done), rating(begin({ ref: REF, audience: "customer" }))],
      [null, { verdict: "", text: "" }, { verdict: "solved", text: "a" }, { verdict: "", text: "" }, null],
    ];
  },
  "when a conversation is erased no word of it is left on an open page": () => {
    const before = [said(1, { text: "a" }), { seq: 2, kind: "explained", text: "b", secrets: [] }, { seq: 3, kind: "resolved" }];
    const { state } = play([snapshot(3, { events: before }), events({ seq: 4, kind: "erased" }, said(5, { text: "c" }))]);
    return [[Object.values(state.items).map(({ message, text }) => message?.text ?? text), state.seq], [["", "", undefined, "c"], 5]];
  },
  "whoever was forgotten has no name on an open page either, and colleagues keep theirs": () => {
    const before = [said(1, { author: CUSTOMER }), said(2, { author: MEI }), { seq: 3, kind: "reopened", by: CUSTOMER }, { seq: 4, kind: "resolved", by: MEI }];
    const { state } = play([snapshot(4, { events: before }), events(cursor(5, CUSTOMER, 2, 2), { seq: 6, kind: "erased" })], { audience: "staff" });
    const names = [...lines(state).map(({ message, by }) => (message?.author ?? by).name), ...Object.values(state.cursors).map(({ who }) => who.name)];
    return [names, ["", MEI.name, "", MEI.name, ""]];
  },
  "the last thing heard is the other side's furthest message": () => {
    const { state } = play([snapshot(1), events(said(2), said(3), { ...said(4, { id: 2 }), message: message(2) }, said(5, { mine: true }), { seq: 6, kind: "assigned" }, { ...said(7), message: message(1) })]);
    return [lastHeard(state), 3];
  },
};

const holes = {
  "an event beyond a hole waits for the one before it": () => {
    const one = play([snapshot(1), events(said(3)), events(said(5), said(4)), events(said(2))]);
    return [[places(one.state), one.state.seq, one.state.pending], [[2, 3, 4, 5], 5, []]];
  },
  "events wait in their order, and never more than five hundred": () => {
    const many = Array.from({ length: 600 }, (_, place) => ({ seq: 700 - place, kind: "skip" }));
    const { state } = play([snapshot(1), events(...many)]);
    return [[state.pending.length, state.pending[0].seq, state.pending.at(-1).seq], [500, 101, 600]];
  },
  "what comes twice changes nothing": () => {
    const { state } = play([snapshot(1), events(said(2)), events(said(2, { text: "again" }))]);
    return [[texts(state), state.pending], [["2"], []]];
  },
  "before the first snapshot events only wait": () => {
    const { state } = play([events({ seq: 1, kind: "opened" }, said(2))]);
    return [[state.seq, places(state), state.pending.length], [-1, [], 2]];
  },
  "an earlier state is never changed by what comes later": () => {
    const before = play([snapshot(1, { events: [said(1)], cursors: [{ who: MEI, delivered: 1, seen: 1 }] }), { type: "typing", who: MEI, for_ms: 9000 }]).state;
    const copy = structuredClone(before);
    play([events(said(2), cursor(3, MEI, 3, 3)), ack(A, 4), { type: "older", before: 0, as_of: 3, events: [said(1)], earlier: false }], { from: before });
    return [before, copy];
  },
  "the head of the furthest events holds": () => {
    const late = play([snapshot(1), events(head(5)), events(head(3))]).state;
    const again = play([snapshot(1), events(head(5)), events(head(5, 6))]).state;
    return [[late.head, late.headAt, late.pending, again.head], [headOf(5), 5, [], headOf(6)]];
  },
  "a hole is asked for once, and again after five seconds": () => {
    const hole = [snapshot(1), { ...hello, now: 0 }, { ...events(said(3)), now: 4_999 }, { ...tick, now: 5_000 }, { ...tick, now: 9_999 }, { ...tick, now: 10_000 }];
    return [play(hole).asks, [[], [], [], [watch(1)], [], [watch(1)]]];
  },
  "a hole at another place is asked for at once": () => {
    const { last } = play([snapshot(1), hello, events(said(2)), events(said(4))]);
    return [last, [watch(2)]];
  },
  "nothing is asked while nothing is missing, or the line is closed": () => {
    const open = play([snapshot(1), hello, { ...tick, now: 20_000 }]).last;
    const closed = play([snapshot(1), hello, { type: "closed" }, { ...events(said(3)), now: 20_000 }, write(A)]).asks.slice(3);
    return [[open, closed], [[], [[], []]]];
  },
  "without any snapshot one is asked for": () => [play([hello, { ...tick, now: 20_000 }]).last, [watch(-1)]],
};

const snapshots = {
  "a fresh snapshot takes the place of all but what is younger": () => {
    const { state } = play([snapshot(1, { events: [said(1)] }), ack(A, 9), ack(B, 5), snapshot(6, { events: [said(6)], earlier: true })]);
    return [[places(state), state.head, state.earlier, state.from], [[6, 9], headOf(6), true, 6]];
  },
  "a snapshot draws anew what it holds": () => {
    const { state } = play([snapshot(1, { events: [said(1, { text: "first" })] }), snapshot(2, { events: [said(1, { text: "edited" })] })]);
    return [texts(state), ["edited"]];
  },
  "a snapshot that is no longer new tells nothing": () => {
    const { state } = play([snapshot(1), events(said(2), head(2)), snapshot(1)]);
    return [[state.seq, places(state), state.head], [2, [2], headOf(2)]];
  },
  "what waited goes on behind a snapshot": () => {
    const { state } = play([snapshot(1), events(said(4)), snapshot(3)]);
    return [[state.seq, places(state), state.pending], [4, [4], []]];
  },
  "a server put back to an earlier day takes everything with it": () => {
    const before = [snapshot(5, { events: [said(5)] }), ack(A, 9), events(said(8)), events(head(12)), hello];
    const { state, last } = play([...before, { ...snapshot(3, { events: [said(3)] }), now: 20_000 }]);
    return [[state.seq, places(state), state.head, state.pending, state.expects, last], [3, [3], headOf(3), [], -1, []]];
  },
  "a whole conversation has no earlier part": () => {
    const { state } = play([snapshot(9, { events: [said(9)] }), events({ ...said(10, { id: 4 }), message: message(4) })]);
    return [[state.from, places(state)], [0, [4, 9]]];
  },
  "history takes the place of nothing that was drawn later": () => {
    const start = [snapshot(6, { events: [said(6)], earlier: true }), events({ seq: 7, kind: "message", message: message(5, { text: "edited" }) })];
    const page = { type: "older", before: 6, as_of: 6, events: [said(4), said(5)], earlier: true };
    const { state } = play([...start, page]);
    const equal = play([...start, { ...page, as_of: 7, events: [said(4), said(5, { text: "edited twice" })] }]).state;
    return [[texts(state), state.from, state.earlier, texts(equal)], [["4", "edited", "6"], 4, true, ["4", "edited twice", "6"]]];
  },
  "history keeps what it does not hold, and knows when it was drawn": () => {
    const start = [snapshot(8, { events: [said(8)], earlier: true }), events({ seq: 9, kind: "skip" }), { type: "older", before: 8, as_of: 9, events: [said(5)], earlier: true }];
    const { state } = play([...start, { type: "older", before: 5, as_of: 8, events: [said(4), said(5, { text: "older" })], earlier: true }]);
    return [texts(state), ["4", "5", "8"]];
  },
  "history that was asked for before all was drawn anew is left, for nobody knows what has changed since": () => {
    const page = { type: "older", before: 5, as_of: 8, events: [said(4), said(5, { text: "older" })], earlier: true };
    const anew = play([snapshot(9, { events: [said(5), said(9)], earlier: true }), page]).state;
    const start = [snapshot(8, { events: [said(5), said(8)], earlier: true }), events({ seq: 9, kind: "erased" })];
    const [erased, after] = [page, { ...page, as_of: 9 }].map((one) => play([...start, one]).state);
    return [[texts(anew), texts(erased), texts(after)], [["5", "9"], ["", ""], ["4", "older", ""]]];
  },
  "the words beside a rating are the same on each line about it": () => {
    const words = (seq, rating, text) => ({ seq, kind: "explained", rating, text, secrets: [SECRETS[text]] });
    const told = (state) => lines(state).map(({ text, secrets }) => [text, ...secrets]);
    const start = [snapshot(3, { events: [words(3, 7, "a")], earlier: true }), events(words(4, 8, "b"), words(5, 7, "c"))];
    const older = { type: "older", before: 3, as_of: 3, events: [words(1, 7, "first"), words(2, 7, "a")], earlier: true };
    const [c, b] = [["c", SECRETS.c], ["b", SECRETS.b]];
    return [[told(play(start).state), told(play([...start, older]).state)], [[c, b, c], [c, c, c, b, c]]];
  },
  "history ends at the beginning, at an empty page too, and a page for another place is left": () => {
    const start = [snapshot(6, { events: [said(6)], earlier: true })];
    const page = (fields) => play([...start, { type: "older", before: 6, as_of: 6, events: [said(4)], earlier: false, ...fields }]).state;
    const told = [page({}), page({ events: [], earlier: true }), page({ before: 5 })].map(({ from, earlier }) => [from, earlier]);
    return [told, [[0, false], [0, false], [6, true]]];
  },
};

export const READING = { ...belonging, ...fates, ...holes, ...snapshots };
