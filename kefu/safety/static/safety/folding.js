// Text as the guard reads it: full width and script variants folded, invisible characters gone, every place remembered.
import { SIMPLIFIED, TRADITIONAL } from "./patterns.js";
import { pattern } from "./spans.js";

const INVISIBLE = pattern("INVISIBLE");
const SPACES = pattern("SPACES");
const LINE_ENDS = pattern("LINE_ENDS");
const NUMERALS = pattern("NUMERALS");
const simple = [...SIMPLIFIED];
const SIMPLER = new Map([...TRADITIONAL].map((character, place) => [character, simple[place]]));

/** `{plain, low, starts, ends}`: where in the original each character of the folded text begins and ends, in UTF-16 units. */
export function fold(text) {
  let plain = "";
  let place = 0;
  const starts = [];
  const ends = [];
  for (const character of text) {
    const folded = character < "\u0080" ? character : foldedFrom(character);
    plain += folded;
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(place);
      ends.push(place + character.length);
    }
    place += character.length;
  }
  return { plain, low: plain.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()), starts, ends };
}

function foldedFrom(character) {
  if (INVISIBLE.test(character)) return "";
  if (SIMPLER.has(character)) return SIMPLER.get(character);
  if (SPACES.test(character)) return " ";
  if (LINE_ENDS.test(character)) return "\n";
  if (NUMERALS.test(character)) return character;
  // Other full-width signs stay: a full-width comma or stop ends a password, a narrow one may be part of it.
  const normal = character.normalize("NFKC");
  return /^[0-9A-Za-z]+$/.test(normal) ? normal : character;
}
