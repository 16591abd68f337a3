// What is being written when a page is left, handed on to the next page of this tab: over a reload, or a step to an article.
// The guard looks first: a secret never reaches this storage.

import { guardAgain } from "../safety/guard.js";

const KEY = "kefu-writing";

const NOTHING = { ref: "", topic: "", text: "", email: "" };

let read = null;

/** Hand on what `reader()` gives when the page is left: `{ref, topic, text, email}`, with "" for what there is not. One a page. */
export function handOn(reader) {
  if (!read) {
    addEventListener("pagehide", () => keep(read()));
    // On phones a page may be ended in the background without a word.
    document.addEventListener("visibilitychange", () => document.hidden && keep(read()));
  }
  read = reader;
}

/** Whatever stood in the boxes is somebody's who is no longer here. */
export function handOnNothing() {
  if (read) read = () => NOTHING;
}

/** What the page before handed on, null if nothing; once, for a second window on the same page begins empty. */
export function handedOn() {
  try {
    const written = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return written;
  } catch {
    return null;
  }
}

/** Somebody else sits here now: what was handed on is none of theirs. */
export function forgetWritten() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Without storage there is nothing.
  }
}

function keep({ ref, topic, text, email }) {
  try {
    if (!text && !email) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ ref, topic, text: guardAgain(text).text, email: guardAgain(email).text }));
  } catch {
    // Without storage it ends with the page.
  }
}
