// The window of whoever we are now on its way into the frame, and the place of its own that is shown until there is one.

import { askAgain } from "../ui/state.js";
import { get } from "./post.js";
import { token } from "./session.js";

const AGAIN_AFTER = 2_000;
const LONGEST_WAIT = 60_000;
// As it came with the page: the window as anybody sees it.
const anybodys = document.querySelector("[data-chat]").cloneNode(true);

/** Whoever has no token sees what came with the page, and nobody need be asked for it. */
export function anybodysWindow({ topic = "" } = {}) {
  const section = anybodys.cloneNode(true);
  section.dataset.chosenTopic = topic;
  return section;
}

/**
 * Ask until it comes; null when nobody wants it any more. `onOver(token)` is told that a session has ended and answers whether to
 * ask on, as whoever is here then.
 */
export async function windowFor(wish, { isWanted, onOver }) {
  if (token()) sayOnItsWay("fetching");
  for (let wait = AGAIN_AFTER; isWanted(); wait = Math.min(2 * wait, LONGEST_WAIT)) {
    if (!token()) {
      // The hours may have changed since.
      askAgain();
      return anybodysWindow(wish);
    }
    try {
      return windowIn(await (await get(document.body.dataset.windowUrl, wish, "text/html")).text());
    } catch ({ status, sentWith }) {
      if (!isWanted()) return null;
      if (status !== 401) {
        sayOnItsWay("failing");
        await new Promise((resolve) => setTimeout(resolve, wait));
      } else if (!(await onOver(sentWith))) return null;
    }
  }
  return null;
}

/** Which words stand there, "fetching" or "failing"; where there is a window none do. */
export function sayOnItsWay(words) {
  const place = document.querySelector("[data-on-its-way]");
  place.hidden = document.querySelector("[data-chat][data-ready]") !== null;
  for (const line of place.querySelectorAll("[data-words]")) line.hidden = line.dataset.words !== words;
}

function windowIn(page) {
  const parsed = new DOMParser().parseFromString(page, "text/html");
  return document.importNode(parsed.querySelector("[data-chat]"), true);
}

/**
 * That a window of which the browser keeps nothing ends with the page. The host names its user on the next page, too, so that
 * they find their conversations again; a guest does not.
 */
export function sayUnkept(section, isUnkept, isUser) {
  const line = section.querySelector("[data-unkept]");
  line.hidden = !isUnkept;
  for (const words of line.querySelectorAll("[data-of]")) words.hidden = words.dataset.of !== (isUser ? "users" : "guests");
}
