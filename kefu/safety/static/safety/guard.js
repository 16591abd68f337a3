// The secret guard in the browser: the same patterns and rules as kefu/safety/guard.py, tested by the same corpus. It looks
// before anything is kept here; the server looks again before anything is stored there.
import { fold } from "./folding.js";
import { extendedKeys, keystores, pemBlocks, privateKeys } from "./keys.js";
import { chinesePhrases, englishPhrases } from "./phrases.js";
import { codes, passwords } from "./words.js";

const PLACEHOLDER = /⟦secret:(mnemonic|private_key|extended_key|pem|keystore|code|password)⟧/gu;
// Where two overlap, the one named first gives its kind.
const RULES = [pemBlocks, keystores, extendedKeys, privateKeys, englishPhrases, chinesePhrases, passwords, codes];

/** What somebody typed, as `{text, found}`: each secret is ⟦secret:KIND⟧, and what looks like that but was typed is changed. */
export function guard(text) {
  return guardAgain(stray(text));
}

/** What the guard has read before: a text of the outbox, or one from the server. The placeholders that stand in it stay. */
export function guardAgain(text) {
  let guarded = text;
  // What stood beside a secret is seen in a new light when that is gone, so look until there is nothing new.
  for (let masked = mask(guarded); masked !== guarded; masked = mask(guarded)) guarded = masked;
  return { text: guarded, found: [...new Set([...guarded.matchAll(PLACEHOLDER)].map((match) => match[1]))] };
}

function mask(text) {
  let masked = "";
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    masked += maskStretch(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return masked + maskStretch(text.slice(at));
}

function maskStretch(text) {
  const folded = fold(text);
  let masked = "";
  let at = 0;
  for (const [start, end, kind] of apart(RULES.flatMap((rule) => [...rule(folded)]))) {
    masked += `${stray(text.slice(at, folded.starts[start]))}⟦secret:${kind}⟧`;
    at = folded.ends[end - 1];
  }
  return masked + stray(text.slice(at));
}

function stray(text) {
  return text.replaceAll("⟦", "〔").replaceAll("⟧", "〕");
}

/** Spans in order, those that overlap as one. They come by rank of their rule. */
function apart(spans) {
  const joined = [];
  const ranked = spans.map(([start, end, kind], rank) => ({ start, end, kind, rank }));
  for (const span of ranked.sort((one, other) => one.start - other.start)) {
    const last = joined.at(-1);
    if (!last || span.start >= last.end) {
      joined.push(span);
      continue;
    }
    if (span.rank < last.rank) Object.assign(last, { kind: span.kind, rank: span.rank });
    last.end = Math.max(last.end, span.end);
  }
  return joined.map(({ start, end, kind }) => [start, end, kind]);
}
