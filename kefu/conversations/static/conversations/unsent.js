// What was written and not yet acknowledged, kept over a reload. One entry a key, so that two tabs don't undo each other.
// The guard looks first: a secret never reaches this storage.

import { guardAgain } from "../safety/guard.js";
import { keysOf, storage } from "./storage.js";

/** So many can wait for a network in one conversation. */
export const MOST_UNSENT = 50;
// Older than this, the customer decides whether it is still worth sending.
const FRESH_FOR = 24 * 60 * 60 * 1000;
const FORGET_AFTER = 30 * FRESH_FOR;

export class Unsent {
  #prefix;
  #storage;
  #kept = new Map();

  constructor(ref) {
    this.#prefix = `kefu-unsent:${ref}:`;
    this.#storage = storage();
  }

  /** What an earlier page left behind, oldest first; what has waited for more than a day comes back as failed. */
  load(now = Date.now()) {
    const entries = this.#keys().map((key) => this.#read(key)).filter(Boolean);
    const alive = entries.filter((entry) => {
      const isForgotten = now - Date.parse(entry.at) > FORGET_AFTER;
      if (isForgotten) this.#storage.removeItem(this.#prefix + entry.client_id);
      return !isForgotten;
    });
    for (const entry of alive) this.#kept.set(entry.client_id, JSON.stringify(entry));
    return alive
      .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
      .map((entry) => (now - Date.parse(entry.at) > FRESH_FOR ? { ...entry, state: "failed" } : entry));
  }

  /** Make the storage hold exactly what this page has not sent; false if the browser refuses to keep it. */
  keep(entries) {
    const wanted = new Map(entries.slice(0, MOST_UNSENT).map((entry) => [entry.client_id, JSON.stringify(stored(entry))]));
    for (const client_id of [...this.#kept.keys()]) {
      if (!wanted.has(client_id)) this.#remove(client_id);
    }
    return [...wanted].every(([client_id, text]) => this.#kept.get(client_id) === text || this.#write(client_id, text));
  }

  #keys() {
    return keysOf(this.#storage).filter((key) => key.startsWith(this.#prefix));
  }

  #read(key) {
    try {
      const entry = JSON.parse(this.#storage.getItem(key));
      return typeof entry.client_id === "string" && typeof entry.text === "string" ? entry : null;
    } catch {
      this.#storage.removeItem(key);
      return null;
    }
  }

  #write(client_id, text) {
    try {
      this.#storage.setItem(this.#prefix + client_id, text);
    } catch {
      return false;
    }
    this.#kept.set(client_id, text);
    return true;
  }

  #remove(client_id) {
    this.#storage.removeItem(this.#prefix + client_id);
    this.#kept.delete(client_id);
  }
}

/** A name for what is about to be sent, unique for ever: 128 random bits. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stored({ client_id, text, visibility, spoken_seq, at, state, files, extra }) {
  const isHeld = state === "failed" || state === "stale";
  return { client_id, text: guardAgain(text).text, visibility, spoken_seq, at, state: isHeld ? state : "queued", ...(files && { files: files.map(guarded) }), ...(extra && { extra }) };
}

/** Names of files are words of somebody's too. */
function guarded(file) {
  return { ...file, name: guardAgain(file.name).text };
}
