// What was said in a conversation and had not reached the server when it was left. It goes on by itself, here and on the next
// page; where it cannot, its writer is told where it waits.
import { begin, reduce } from "../conversations/reducer.js";
import { keysOf, storage } from "../conversations/storage.js";
import { Unsent } from "../conversations/unsent.js";

const TICK = 1_000;

export class Outbox {
  #socket;
  #owner;
  #onHeld;
  #left = new Map();

  // `owner` is the agent's id. `onHeld(refs)` is told in which conversations something waits for a decision of theirs.
  constructor(socket, owner, onHeld) {
    this.#socket = socket;
    this.#owner = owner;
    this.#onHeld = onHeld;
    socket.listen((frame) => this.#hear(frame));
    setInterval(() => this.#hear({ type: "tick" }), TICK);
    // Another tab has sent it, or taken it back.
    addEventListener("storage", ({ key, newValue }) => {
      if (newValue === null && key?.startsWith(this.#prefix)) this.#hear({ type: "drop", client_id: key.split(":").at(-1) });
    });
  }

  /** Under which name this browser keeps what was said there. */
  key(ref) {
    return `staff-${this.#owner}-${ref}`;
  }

  /** Go on with what earlier pages left, but for the conversation that is open. */
  begin(openRef) {
    const keys = keysOf(storage()).filter((key) => key.startsWith(this.#prefix));
    for (const ref of new Set(keys.map((key) => key.slice(this.#prefix.length).split(":")[0]))) {
      if (ref === openRef) continue;
      const unsent = new Unsent(this.key(ref));
      const restored = { type: "restore", entries: unsent.load() };
      const { state } = reduce(begin({ ref, audience: "staff" }), restored, Date.now());
      if (state.unsent.length) this.#left.set(ref, { state, unsent });
    }
    this.#tell();
  }

  /** A conversation is left in this state. */
  leave(state) {
    if (!state.unsent.length) return;
    const unsent = new Unsent(this.key(state.ref));
    unsent.load();
    this.#left.set(state.ref, { state, unsent });
    this.#tell();
  }

  /** It is open again: what is still unsent there is no longer sent from here. */
  giveBack(ref) {
    const entries = this.#left.get(ref)?.state.unsent ?? [];
    this.#left.delete(ref);
    this.#tell();
    return entries;
  }

  get #prefix() {
    return `kefu-unsent:${this.key("")}`;
  }

  #hear(frame) {
    for (const [ref, { state, unsent }] of this.#left) {
      const { state: next, asks } = reduce(state, frame, Date.now());
      this.#left.set(ref, { state: next, unsent });
      if (next.unsent !== state.unsent) unsent.keep(next.unsent);
      // What is said there is nothing to a conversation that nobody sees; an answer to what was sent comes all the same.
      for (const ask of asks) if (ask.type === "say") this.#socket.send(ask);
      if (!next.unsent.length) this.#left.delete(ref);
    }
    if (frame.type !== "tick") this.#tell();
  }

  #tell() {
    const isHeld = ({ state }) => state === "stale" || state === "failed";
    const held = [...this.#left].filter(([, { state }]) => state.unsent.some(isHeld));
    this.#onHeld(new Set(held.map(([ref]) => ref)));
  }
}
