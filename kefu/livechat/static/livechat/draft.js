// What is being written when a page is left, handed on to the next page of this tab: over a reload, or a step to an article.
// The guard looks first: a secret never reaches this storage.

import { guardAgain } from "../safety/guard.js";

const KEY = "kefu-writing";

/** Hand on what `read()` gives when the page is left: `{ref, topic, text, email}`, with "" for what there is not. */
export function handOn(read) {
  addEventListener("pagehide", () => keep(read()));
  // On phones a page may be ended in the background without a word.
  document.addEventListener("visibilitychange", () => document.hidden && keep(read()));
}

/** What the page before handed on, null if nothing. */
export function handedOn() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
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
