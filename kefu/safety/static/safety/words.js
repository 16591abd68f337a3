// One-time codes and passwords. The same rules as kefu/safety/finders/codes.py and passwords.py.
import { all, before, behind, everywhere, matchAt, pattern } from "./spans.js";

const NEAR_CODE = 24;
const NEAR_IN_ANSWER = 80;
const NEAR_PASSWORD = 16;
const SHORTEST = 4;
const [CHINESE, IS, ENGLISH, BARE] = [1, 2, 3, 4];
const names = ["NO_CODE_BETWEEN", "NEGATED_BEFORE", "DIRECT", "NO_CODE_BEFORE", "EMAIL", "ACCOUNT_BEFORE", "CLOSING"];
names.push("FORGOTTEN_BEFORE", "UID_LIKE", "CHANGED_BEFORE", "THING", "ADDRESS", "BARE_CODE", "NO_BARE_CODE_BEFORE", "KEYED", "FIVE_DIGITS", "ANSWER", "NO_PASSWORD", "RANGE", "LETTER_IN", "DIGIT_IN", "MIXED_BUT_NO_PASSWORD", "SIGN_IN", "UPPER_IN");
const is = Object.fromEntries(names.map((name) => [name, pattern(name)]));

export function* codes({ low }) {
  for (const word of all(everywhere("CODE_WORD"), low)) {
    const after = matchAt("CODE_AFTER", low, word.end);
    if (!after || !isCode(low, word, after)) continue;
    yield [...after.at(2), "code"];
    const also = matchAt("CODE_ALSO", low, after.end);
    if (also && !matchAt("UNIT", low, also.end)) yield [...also.at(1), "code"];
  }
  for (const name of ["CODE_BEFORE", "CODE_BELOW"]) {
    for (const match of all(everywhere(name), low)) yield [...match.at(1), "code"];
  }
}

function isCode(low, word, after) {
  const between = after.group(1);
  if (is.NO_CODE_BETWEEN.test(between) || matchAt("UNIT", low, after.end) || matchAt("ID_AFTER", low, after.end)) return false;
  const near = before(low, word.start, NEAR_CODE);
  if (is.NEGATED_BEFORE.test(near) && !is.DIRECT.test(between)) return false;
  if (is.NO_CODE_BEFORE.test(near)) return false;
  return !is.BARE_CODE.test(word.text) || isForPeople(low, word.start, near, after);
}

function isForPeople(low, start, near, after) {
  if (is.NO_BARE_CODE_BEFORE.test(near)) return false;
  const isKeyed = is.KEYED.test(after.group(1));
  if (is.FIVE_DIGITS.test(after.group(2))) return !isKeyed && !matchAt("REASON", low, after.end);
  const around = [before(low, start, NEAR_IN_ANSWER), low.slice(start, after.end), behind(low, after.end, NEAR_IN_ANSWER)];
  return !(isKeyed && is.ANSWER.test(around.join("")));
}

export function* passwords({ low, plain }) {
  for (const match of all(everywhere("PASSWORD"), low)) {
    const [start, end] = placeOf(low, match);
    if (end - start >= SHORTEST && isPassword({ low, plain }, match, start, end)) yield [start, end, "password"];
  }
  for (const match of all(everywhere("FUND_PASSWORD"), low)) {
    if (isFundPassword(low, match)) yield [...match.at(1), "password"];
  }
}

function isFundPassword(low, { start, end }) {
  const said = before(low, start, NEAR_PASSWORD);
  if (is.FORGOTTEN_BEFORE.test(said) || (is.UID_LIKE.test(low.slice(start, end)) && is.CHANGED_BEFORE.test(said))) return false;
  return !matchAt("UNIT", low, end) && !matchAt("ID_AFTER", low, end);
}

function placeOf(low, match) {
  let [start, end] = match.at([CHINESE, ENGLISH, BARE].find((group) => match.group(group)));
  const isEmail = is.EMAIL.test(low.slice(start, end));
  const following = (isEmail || is.ACCOUNT_BEFORE.test(before(low, match.start, NEAR_PASSWORD))) && matchAt("NEXT_VALUE", low, end);
  if (following) [start, end] = [isEmail ? following.at(1)[0] : start, following.at(1)[1]];
  const closing = is.CLOSING.exec(low.slice(start, end));
  return [start, closing ? start + closing.index : end];
}

function isPassword({ low, plain }, match, start, end) {
  const said = low.slice(start, end);
  if (is.NO_PASSWORD.test(said) || is.RANGE.test(said) || is.EMAIL.test(said)) return false;
  const [hasLetter, hasDigit] = [is.LETTER_IN.test(said), is.DIGIT_IN.test(said)];
  if (match.group(BARE)) return hasLetter && hasDigit && isBarePassword(said, low, match);
  if (!hasLetter) return hasDigit && !matchAt("UNIT", low, end);
  return is.SIGN_IN.test(said) || is.UPPER_IN.test(plain.slice(start, end)) || !match.group(IS);
}

function isBarePassword(said, low, match) {
  if (is.MIXED_BUT_NO_PASSWORD.test(said) || is.ADDRESS.test(said)) return false;
  const isThing = is.THING.test(said) || matchAt("EMAIL_HERE", low, match.at(BARE)[0]);
  return !(isThing && is.CHANGED_BEFORE.test(before(low, match.start, NEAR_PASSWORD)));
}
