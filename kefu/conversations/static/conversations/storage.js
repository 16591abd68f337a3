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
// Stands in the storage for a moment when the customer is forgotten, so that other tabs are told; panel.js knows it too.
const FORGOTTEN = "kefu-forgotten";
const HEARD_WITHIN = 5_000;

/** Nothing that we kept of the customer in this storage stays. What their device chose, and what agents keep, does. */
export function forgetCustomer(kept = storage()) {
  for (const key of keysOf(kept)) if (key.startsWith("kefu-") && !OF_STAFF.test(key)) kept.removeItem(key);
}

/** The same in both storages of this tab, or in its own alone. */
export function forgetInTab(names = ["localStorage", "sessionStorage"]) {
  for (const name of names) {
    try {
      forgetCustomer(window[name]);
    } catch {
      // It is switched off, and has kept nothing.
    }
  }
}

/** The same in this tab and in all others of this browser. */
export function forgetInBrowser() {
  forgetInTab();
  try {
    localStorage.setItem(FORGOTTEN, String(Date.now()));
    localStorage.removeItem(FORGOTTEN);
  } catch {
    // Where nothing is kept no tab knows who this is.
  }
}

/** `act()` ends what goes on here when the customer is forgotten in another tab; nothing that it kept stays in this one. */
export function whenForgotten(act) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== FORGOTTEN || newValue === null) return;
    act();
    forgetAsTold(newValue);
  });
}

/** What this tab may have written since; a tab that slept hears of it when the next customer may be there, and leaves theirs. */
export function forgetAsTold(at) {
  forgetInTab(Date.now() - Number(at) < HEARD_WITHIN ? undefined : ["sessionStorage"]);
}

/** The names of all that is kept there. */
export function keysOf(kept) {
  return Array.from({ length: kept.length }, (_, place) => kept.key(place));
}
