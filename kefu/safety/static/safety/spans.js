// Reading with the shared patterns. A span is [start, end, kind] in the folded text.
import { SOURCES } from "./patterns.js";

/** Says whether it matches: `test` begins anew each time. */
export function pattern(name) {
  return new RegExp(SOURCES[name], "u");
}

/** Every match, each with `start` and `end`, and `at(group)` for a group's own place. */
export function* all(sticky, text) {
  for (const match of text.matchAll(sticky)) yield placed(match);
}

export function everywhere(name) {
  return new RegExp(SOURCES[name], "dgu");
}

/** A match that begins exactly at this place, or nothing. */
export function matchAt(name, text, place) {
  const one = (sticky[name] ??= new RegExp(SOURCES[name], "duy"));
  one.lastIndex = place;
  const match = one.exec(text);
  return match && placed(match);
}

/** The first match at this place or behind it, or nothing. */
export function search(name, text, place) {
  const one = (global[name] ??= everywhere(name));
  one.lastIndex = place;
  const match = one.exec(text);
  return match && placed(match);
}

/** So many characters before this place, counted as the server does: one that needs two UTF-16 units is one. */
export function before(text, end, most) {
  return [...text.slice(Math.max(0, end - 2 * most), end)].slice(-most).join("");
}

export function behind(text, start, most) {
  return [...text.slice(start, start + 2 * most)].slice(0, most).join("");
}

const sticky = {};
const global = {};

function placed(match) {
  const [start, end] = match.indices[0];
  return { start, end, text: match[0], group: (number) => match[number], at: (number) => match.indices[number] };
}
