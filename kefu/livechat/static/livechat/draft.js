// What is being written when a page is left, handed on to the next page of this tab: over a reload, or a step to an article.
// The guard looks first: no whole secret reaches this storage.

import { guard, guardAgain } from "../safety/guard.js";

const KEY = "kefu-writing";
// What this page has kept itself, and then went on, still stands in its boxes or was sent.
const PAGE = Math.random();

const NOTHING = { ref: "", topic: "", text: "", email: "" };

let read = null;

/**
 * Hand on what `reader()` gives when the page is left: `{user, ref, topic, text, email}`, with "" for what there is not. One a page.
 */
export function handOn(reader) {
  if (!read) {
    addEventListener("pagehide", keepNow);
    // On phones a page may be ended in the background without a word.
    document.addEventListener("visibilitychange", () => document.hidden && keepNow());
    addEventListener("input", hearInTime, { once: true });
  }
  read = reader;
}

/**
 * A frame in a busy browser may be gone before it has heard that its page is left; before that it is asked whether it may go. Pages that
 * are asked come back slower in some browsers, so only where something stands in a box.
 */
function hearInTime() {
  addEventListener("beforeunload", keepNow);
}

function keepNow() {
  if (read) keep(read());
}

/** Whatever stood in the boxes is somebody's who is no longer here. */
export function handOnNothing() {
  if (read) read = () => NOTHING;
}

/**
 * What the page before handed on to this user, or a visitor to whoever comes ("" is a visitor); null if nothing. Once, for a second
 * window on the same page begins empty.
 */
export function handedOn(user = "") {
  try {
    const written = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    if (!written || written.page === PAGE || ![user, ""].includes(written.user ?? "")) return null;
    hearInTime();
    return written;
  } catch {
    return null;
  }
}

/** Somebody else sits here now, or it was said: what was handed on is none of theirs. */
export function forgetWritten() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Without storage there is nothing.
  }
}

/** Whether a box holds these guarded words: it was typed there, or had been guarded before it was put there. */
export function reads(written, words) {
  return [guard, guardAgain].some((look) => look(written.trim()).text === words);
}

/** Put what was written into its box again, unless somebody has begun anew there. */
export function fill(area, text) {
  if (area.value) return;
  area.value = text;
  hearInTime();
  area.dispatchEvent(new Event("input"));
}

/** Put words below what stands in a box. */
export function addTo(area, words) {
  const before = area.value.trimEnd();
  area.value = "";
  fill(area, before ? `${before}\n\n${words}` : words);
}

function keep({ user, ref, topic, text, email }) {
  try {
    if (!text && !email) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ page: PAGE, user, ref, topic, text: guardAgain(text).text, email: guardAgain(email).text }));
  } catch {
    // Without storage it ends with the page.
  }
}
