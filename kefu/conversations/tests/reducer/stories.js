// All stories of the reducer.

import { READING } from "./reading.js";
import { SENDING } from "./sending.js";

/** The stories that did not come out as they should: their names, what came out and what should have. */
export function differences() {
  const told = Object.entries({ ...READING, ...SENDING }).map(([name, story]) => ({ name, pair: attempt(story) }));
  return told.filter(({ pair: [got, wanted] }) => JSON.stringify(got) !== JSON.stringify(wanted)).map(({ name, pair: [got, wanted] }) => ({ name, got, wanted }));
}

function attempt(story) {
  try {
    return story();
  } catch (problem) {
    return [String(problem), null];
  }
}
