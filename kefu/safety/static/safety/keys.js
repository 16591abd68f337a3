// Private keys in their formats: PEM, Web3 keystore, BIP-32, WIF, BIP-38, those with names, raw. The same rules as kefu/safety/finders/keys.py.
import { isCheckedKey } from "./base58.js";
import { all, everywhere, matchAt, pattern, search } from "./spans.js";

const NEAR_BEFORE = 60;
const NEAR_AFTER = 24;
const HAS_CRYPTO = pattern("HAS_CRYPTO");
const HAS_CIPHERTEXT = pattern("HAS_CIPHERTEXT");
const CRYPTO_BEFORE = pattern("CRYPTO_BEFORE");

export function* pemBlocks({ low }) {
  let place = 0;
  for (let begin = search("PEM_BEGIN", low, place); begin; begin = search("PEM_BEGIN", low, place)) {
    const end = search("PEM_END", low, begin.end);
    if (!end) return yield* unendedBlocks(low, begin.start);
    yield [begin.start, end.end, "pem"];
    place = end.end;
  }
}

function* unendedBlocks(low, start) {
  for (const begin of all(everywhere("PEM_BEGIN"), low)) {
    const body = begin.start >= start && matchAt("PEM_BODY", low, begin.end);
    if (body) yield [begin.start, body.end, "pem"];
  }
}

export function* keystores({ low }) {
  if (!HAS_CIPHERTEXT.test(low) || !HAS_CRYPTO.test(low)) return;
  for (const [start, end] of outermostObjects(low)) {
    const before = CRYPTO_BEFORE.exec(low.slice(Math.max(0, start - 20), start));
    const inside = low.slice(start, end);
    if (!HAS_CIPHERTEXT.test(inside) || !(before || HAS_CRYPTO.test(inside))) continue;
    yield [start - (before ? before[0].length : 0), end, "keystore"];
  }
}

function* outermostObjects(low) {
  let depth = 0;
  let start = 0;
  for (const brace of all(everywhere("BRACE"), low)) {
    if (brace.text === "{") {
      start = depth ? start : brace.start;
      depth += 1;
    } else if (depth) {
      depth -= 1;
      if (!depth) yield [start, brace.end];
    }
  }
  if (depth) yield [start, low.length];
}

export function* extendedKeys({ plain }) {
  for (const match of all(everywhere("EXTENDED"), plain)) yield [match.start, match.end, "extended_key"];
}

export function* privateKeys({ plain, low }) {
  for (const match of all(everywhere("CHECKED_KEY"), plain)) {
    if (isCheckedKey(match.text)) yield [match.start, match.end, "private_key"];
  }
  for (const name of ["NAMED_KEY", "BYTES"]) {
    for (const match of all(everywhere(name), plain)) yield [match.start, match.end, "private_key"];
  }
  for (const match of all(everywhere("LONG_KEY"), plain)) {
    if (isCalledAKey(low, match)) yield [match.start, match.end, "private_key"];
  }
}

function isCalledAKey(low, { start, end }) {
  const before = [...all(everywhere("KEY_OR_TX"), low.slice(Math.max(0, start - NEAR_BEFORE), start))];
  const named = before.at(-1) ?? search("KEY_OR_TX", low.slice(end, end + NEAR_AFTER), 0);
  return Boolean(named?.group(1));
}
