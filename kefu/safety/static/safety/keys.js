// Private keys in their formats: PEM, Web3 keystore, BIP-32, WIF, BIP-38, those with names, raw. The same rules as kefu/safety/finders/keys.py.
import { isCheckedKey } from "./base58.js";
import { all, before, behind, everywhere, matchAt, pattern, search } from "./spans.js";

const NEAR_BEFORE = 60;
const NEAR_AFTER = 24;
const WIDEST_BEFORE = 300;
const LONG_WORD = everywhere("LONG_WORD");
const PLACE_BEFORE = pattern("PLACE_BEFORE");
const KEY_AFTER = pattern("KEY_AFTER");
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
    const name = CRYPTO_BEFORE.exec(before(low, start, 20));
    const inside = low.slice(start, end);
    if (!HAS_CIPHERTEXT.test(inside) || !(name || HAS_CRYPTO.test(inside))) continue;
    yield [start - (name ? name[0].length : 0), end, "keystore"];
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
  const reach = before(low, start, WIDEST_BEFORE).replace(LONG_WORD, "");
  const near = before(reach, reach.length, NEAR_BEFORE);
  const after = behind(low, end, NEAR_AFTER);
  if (PLACE_BEFORE.test(near) && !KEY_AFTER.test(after)) return false;
  const names = [...all(everywhere("KEY_OR_TX"), near)];
  const named = names.at(-1) ?? search("KEY_OR_TX", after, 0);
  return Boolean(named?.group(1));
}
