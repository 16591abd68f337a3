// Attached by body[data-state-url]: asks whether the chat is open now and shows the words that fit.
// [data-when="open unstaffed"] is shown in these states; time[data-fill="next_opening"] gets that moment.
import { write } from "./times.js";

const url = document.body.dataset.stateUrl;
const EVERY_MS = 60_000;
const followers = new Set();
let known = null;
let timer = 0;
let asks = 0;
let heard = 0;

/** Be told the state each time that it is asked for, and now if it is known: a module may come after the first answer. */
export function follow(told) {
  followers.add(told);
  if (known) told(known);
}

/** Something has happened that may have changed it. */
export function askAgain() {
  if (known) ask();
}

function fill(chat) {
  for (const time of document.querySelectorAll("time[data-fill]")) {
    const value = chat[time.dataset.fill];
    if (value) time.setAttribute("datetime", value);
    else time.removeAttribute("datetime");
  }
  write();
  for (const part of document.querySelectorAll("[data-when]")) {
    const fits = part.dataset.when.split(" ").includes(chat.kind);
    const empty = part.querySelector("time[data-fill]:not([datetime])");
    part.hidden = !fits || Boolean(empty);
  }
  for (const part of document.querySelectorAll("[data-state-known]")) part.hidden = !part.querySelector("[data-when]:not([hidden])");
  for (const part of document.querySelectorAll("[data-state-unknown]")) part.hidden = true;
}

async function ask() {
  clearTimeout(timer);
  const number = (asks += 1);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const told = answer.ok ? await answer.json() : null;
    // An answer that was long on its way says less than one that was asked for after it.
    if (told && number > heard) {
      heard = number;
      known = told;
      fill(known.chat);
      for (const follower of followers) follower(known);
    }
  } catch {
    // Without network the page says the hours; it asks again.
  }
  clearTimeout(timer);
  timer = setTimeout(() => document.hidden || ask(), EVERY_MS);
}

if (url) {
  ask();
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  addEventListener("online", ask);
}
