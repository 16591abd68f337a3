// How the server knows whose page this is: by a cookie; or, in a frame, where browsers block cookies, by a token kept here. A
// frame's storage belongs to it and the page around it together, so that nobody is followed from one host to another.
// What is in memory counts; storage is its copy, for the next page and for other tabs.

import { forgetCustomer, whenForgotten } from "../conversations/storage.js";
import { forgetWritten } from "./draft.js";

const KEY = "kefu-session";
const NOBODY = Object.freeze({ token: null, user: "", until: 0 });

let isOwn = false;
let isKept = false;
let held = NOBODY;
let told = () => {};

/** From now on the token is kept here, and cookies are neither sent nor taken. Answers whether the browser keeps it, too. */
export function keepOwn() {
  isOwn = true;
  try {
    held = read(localStorage.getItem(KEY));
    // Some browsers have a storage that takes nothing.
    localStorage.setItem("kefu-try", "1");
    localStorage.removeItem("kefu-try");
    isKept = true;
  } catch {
    isKept = false;
  }
  return isKept;
}

export function token() {
  return held.token;
}

/** Who was vouched for, {user, until}; user is "" while the token is a visitor's. */
export function vouched() {
  return { user: held.user, until: held.until };
}

/** What goes along with each fetch. */
export function asked() {
  if (!isOwn) return { headers: {} };
  return { headers: held.token ? { Authorization: `Bearer ${held.token}` } : {}, credentials: "omit" };
}

/** What a first question adds, so that its answer brings the token. */
export function wish() {
  return isOwn ? { session: "token" } : {};
}

/**
 * Keep the token that an answer brought, if it brought one and nobody has become somebody else since the request was sent, with
 * `sentWith`. `user` and `until` are of whom the host vouched for. Answers whether it is kept.
 */
export function remember(brought, { sentWith, user = "", until = 0 }) {
  catchUp();
  if (!isOwn || !brought || sentWith !== held.token) return false;
  // The next user finds nothing of the one before.
  if (held.user && held.user !== user) wipe();
  held = { token: brought, user, until };
  keep();
  return true;
}

/** Whether this token is still the one held here, in whichever tab that was decided. */
export function isHeld(asked) {
  catchUp();
  return asked === held.token;
}

/** The server says that this token is nobody's. Answers whether it was still the one held here; then nothing of it stays. */
export function end(ended) {
  if (!isHeld(ended)) return false;
  forget();
  return true;
}

/** Nothing of the session stays, nor of what was written in it. */
export function forget() {
  held = NOBODY;
  wipe();
}

/**
 * Be told when another tab with the same page around it has come to another session, or to none, and when whoever sits here was
 * forgotten on a page of our own.
 */
export function follow(listener, onForgotten = () => {}) {
  told = listener;
  whenForgotten(onForgotten);
  addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) catchUp();
  });
}

/** What another tab has written counts from now on, even if the browser has not told of it yet. */
function catchUp() {
  if (!isKept) return;
  const now = read(localStorage.getItem(KEY));
  if (now.token === held.token) return;
  held = now;
  told();
}

function read(text) {
  try {
    const { token: kept, user, until } = JSON.parse(text);
    return kept ? { token: kept, user, until } : NOBODY;
  } catch {
    return NOBODY;
  }
}

function keep() {
  if (!isKept) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(held));
  } catch {
    // It is full: the token lives as long as the frame, and the one before must not outlive it.
    isKept = false;
    localStorage.removeItem(KEY);
  }
}

function wipe() {
  forgetWritten();
  forgetCustomer();
}
