// All stories of the reducer.

import { recorded } from "./play.js";
import { READING } from "./reading.js";
import { SENDING } from "./sending.js";

/** The stories that did not come out as they should: their names, what came out and what should have. */
export function differences() {
  const told = Object.entries({ ...READING, ...SENDING }).map(([name, story]) => ({ name, pair: attempt(story) }));
  return told.filter(({ pair: [got, wanted] }) => JSON.stringify(got) !== JSON.stringify(wanted)).map(({ name, pair: [got, wanted] }) => ({ name, got, wanted }));
}

/** What was heard and asked in them so far. */
export const frames = () => recorded;

function attempt(story) {
  try {
    return story();
  } catch (problem) {
    return [String(problem), null];
  }
}
