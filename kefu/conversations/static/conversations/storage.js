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

/** The names of all that is kept there. */
export function keysOf(kept) {
  return Array.from({ length: kept.length }, (_, place) => kept.key(place));
}
