// Seed phrases of BIP-39. The same rules as kefu/safety/finders/phrases.py, which explains the numbers.
import { WORDS } from "./bip39.js";
import { all, before, behind, everywhere, pattern } from "./spans.js";

const [ENOUGH, ENOUGH_WITH_SLIP, WHOLE] = [8, 11, 12];
const [ENOUGH_WHEN_NAMED, NEAR_BEFORE] = [4, 24];
const [HAN_ENOUGH, HAN_NEAR_BEFORE, HAN_NEAR_AFTER] = [12, 40, 20];
const [WIDEST_GAP, WIDEST_HAN_GAP] = [12, 6];
const PHRASE_WORD = pattern("PHRASE_WORD");
const GAP = pattern("GAP");
const HAN_GAP = pattern("HAN_GAP");

export function* englishPhrases({ low }) {
  for (const row of rows("LATIN_WORD", low, WIDEST_GAP, GAP)) {
    let at = 0;
    while (at < row.length) {
      const run = runFrom(row, at);
      const length = phraseLength(row, at, run, low);
      if (length) yield [row[at].start, row[at + length - 1].end, "mnemonic"];
      at += length || Math.max(1, run);
    }
  }
}

/** Matches that only gaps lie between. */
function* rows(name, low, widest, gap) {
  let row = [];
  for (const match of all(everywhere(name), low)) {
    const end = row.at(-1)?.end;
    if (row.length && !isGap(low, end, match.start, widest, gap)) {
      yield row;
      row = [];
    }
    row.push(match);
  }
  yield row;
}

/** A character has at most two units. */
function isGap(low, start, end, widest, gap) {
  if (end - start > 2 * widest) return false;
  const between = low.slice(start, end);
  return [...between].length <= widest && gap.test(between);
}

function phraseLength(row, at, run, low) {
  const after = run > 0 && run < WHOLE ? runFrom(row, at + run + 1) : 0;
  if (after > 0 && after < WHOLE && run + after >= ENOUGH_WITH_SLIP) return run + 1 + after;
  const { start } = row[at];
  const isNamed = run >= ENOUGH_WHEN_NAMED && PHRASE_WORD.test(before(low, start, NEAR_BEFORE));
  return run >= ENOUGH || isNamed ? run : 0;
}

function runFrom(row, at) {
  let end = at;
  while (end < row.length && WORDS.has(row[end].text)) end += 1;
  return end - at;
}

export function* chinesePhrases({ low }) {
  if (!PHRASE_WORD.test(low)) return;
  for (const row of rows("LONE_HAN", low, WIDEST_HAN_GAP, HAN_GAP)) {
    if (row.length < HAN_ENOUGH) continue;
    const [{ start }, { end }] = [row[0], row.at(-1)];
    const near = [before(low, start, HAN_NEAR_BEFORE), behind(low, end, HAN_NEAR_AFTER)];
    if (near.some((text) => PHRASE_WORD.test(text))) yield [start, end, "mnemonic"];
  }
}
