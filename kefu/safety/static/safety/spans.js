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

const sticky = {};
const global = {};

function placed(match) {
  const [start, end] = match.indices[0];
  return { start, end, text: match[0], group: (number) => match[number], at: (number) => match.indices[number] };
}
