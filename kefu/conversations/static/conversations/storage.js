// Where what is not sent yet is kept: the browser's storage, or, where that is switched off, memory as long as the page is there.

class Memory {
  #kept = new Map();

  get length() {
    return this.#kept.size;
  }

  key(place) {
    return [...this.#kept.keys()][place] ?? null;
  }

  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  setItem(key, text) {
    this.#kept.set(key, text);
  }

  removeItem(key) {
    this.#kept.delete(key);
  }
}

const memory = new Memory();

/** As `localStorage`, one a page. */
export function storage() {
  try {
    return globalThis.localStorage ?? memory;
  } catch {
    return memory;
  }
}

// An agent may be signed in in the same browser; their keys have who they are in them.
const OF_STAFF = /^kefu-(draft:|(seen|unsent):staff-)/;

/** Nothing that we kept of the customer in this storage stays. What their device chose, and what agents keep, does. */
export function forgetCustomer(kept = storage()) {
  for (const key of keysOf(kept)) if (key.startsWith("kefu-") && !OF_STAFF.test(key)) kept.removeItem(key);
}

/** The names of all that is kept there. */
export function keysOf(kept) {
  return Array.from({ length: kept.length }, (_, place) => kept.key(place));
}
