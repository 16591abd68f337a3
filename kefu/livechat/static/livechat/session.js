// How the server knows whose page this is: by a cookie; or, in a frame, where browsers block cookies, by a token kept here. A
// frame's storage belongs to it and the page around it together, so that nobody is followed from one host to another.

import { forgetWritten } from "./draft.js";

const KEY = "kefu-session";
const VOUCHED = "kefu-vouched";

let isOwn = false;
let isKept = true;
let held = null;

/** From now on the token is kept here, and cookies are neither sent nor taken. Answers whether the browser keeps it, too. */
export function keepOwn() {
  isOwn = true;
  try {
    held = localStorage.getItem(KEY);
    // Some browsers have a storage that takes nothing.
    localStorage.setItem("kefu-try", "1");
    localStorage.removeItem("kefu-try");
  } catch {
    isKept = false;
  }
  return isKept;
}

export function token() {
  return held;
}

/** What goes along with each fetch. */
export function asked() {
  if (!isOwn) return { headers: {} };
  return { headers: held ? { Authorization: `Bearer ${held}` } : {}, credentials: "omit" };
}

/** What a first question adds, so that its answer brings the token. */
export function wish() {
  return isOwn ? { session: "token" } : {};
}

/** Keep the token that an answer brought, if it brought one. `vouched` is {user, until} of somebody whom the host vouched for. */
export function remember(session, vouched = null) {
  if (!isOwn || !session) return;
  held = session;
  write(KEY, session);
  write(VOUCHED, vouched && JSON.stringify(vouched));
}

/** Who was vouched for, {user, until}; nobody while the token is a visitor's. */
export function vouched() {
  try {
    return (held && JSON.parse(localStorage.getItem(VOUCHED))) || {};
  } catch {
    return {};
  }
}

/** The session has ended: nothing of it stays, nor of what was written in it. */
export function forget() {
  held = null;
  forgetWritten();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("kefu-")) localStorage.removeItem(key);
  } catch {
    // Where nothing can be kept, nothing is.
  }
}

/** Another tab with the same page around it came to another session, or to none. */
export function follow(told) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEY || newValue === held) return;
    held = newValue;
    told();
  });
}

function write(key, value) {
  if (!isKept) return;
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // It is full; the token lives as long as the frame.
  }
}
