// The secret guard in the browser: the same rules as kefu/safety/rules.py, tested by the same corpus. It looks before anything
// is kept here; the server looks again before anything is stored there.
import { WORDS } from "./bip39.js";
import { fold } from "./folding.js";

const PLACEHOLDER = /⟦secret:(mnemonic|private_key|extended_key|pem|keystore|code|password)⟧/g;
const B58 = "[1-9A-HJ-NP-Za-km-z]";
const PEM = /-----begin [a-z0-9 ]{0,40}private key-----/g;
const PEM_END = /-----end [a-z0-9 ]{0,40}private key-----/g;
const EXTENDED = new RegExp(`(?<![A-Za-z0-9])[xyztuvYZUV]prv${B58}{100,110}(?![A-Za-z0-9])`, "g");
const WIF = new RegExp(`(?<![A-Za-z0-9])[5KL9c]${B58}{50,51}(?![A-Za-z0-9])`, "g");
const LONG_KEY = new RegExp(`(?<![A-Za-z0-9])(?:(?:0x)?[0-9a-fA-F]{64}|${B58}{86,88})(?![A-Za-z0-9])`, "g");
const BYTES = /\[\s{0,4}\d{1,3}(?:\s{0,4},\s{0,4}\d{1,3}){63}\s{0,4}\]/g;
const KEY_WORD = /私钥|密钥|private.?key|secret.?key|privkey/;
const LETTER = /\p{L}/u;
const PHRASE_WORD = /助记词|恢复词|种子词|seed|mnemonic|recovery phrase|secret phrase/;
const HAN_PHRASE =
  /[^\u4e00-\u9fff\n]{0,8}(?:是|为)?[\s:：]{0,4}([\u4e00-\u9fff](?:[\s,，、.。;；|/\d-]{1,5}[\u4e00-\u9fff]){11,23})(?![\u4e00-\u9fff])/dy;
const CODE_WORD =
  /验证码|校验码|动态码|动态口令|动态密码|短信码|安全码|谷歌码|谷歌验证|身份验证器|简讯码|\botp\b|\b2fa\b|\btotp\b|\bcode\b|\bpasscode\b|\bone-time password\b|\bauthenticator\b/g;
const NOT_A_CODE_BEFORE =
  /(?:错误|报错|状态|邮政|国家|邀请|推荐|代)$|\b(?:error|status|http|country|promo|postal|zip|area|referral|bank|swift|exit|invite)[\s-]{0,2}$/;
const DIGITS_AFTER = /([^\d\n]{0,12})(?<![\d.])(\d{3}[ -]\d{3}|\d{4,8})(?!\d|[.,]\d|%|[-/:年月日])/y;
const NOT_BETWEEN = /订单|单号|编号|uid|order|金额|数额|amount|日期|date|账户|account|\bid\b|[$¥€£]|问题|错误|error|尾号|手机|phone/;
const UNIT = /\s{0,2}(?:分钟|小时|秒|天|元|块|个|次|位|条|年|月|日|万|usdt|usdc|btc|eth|min|sec|hour|day|time|digit)/y;
const DIGITS_BEFORE =
  /(?<![\d.])(\d{3}[ -]\d{3}|\d{6})(?![\d.])(?=[^\d\n]{0,4}(?:是|就是|为|\bis\b)[^\d\n]{0,12}(?:验证码|校验码|动态码|code|otp))/g;
const PASSWORD =
  /(?:登录|资金|交易|支付|钱包|邮箱|账户|我的)?(?:密码|口令)\s{0,3}(?:是|为|就是|[:=])\s{0,3}[「『"'“]?([!-~]{4,64})|\b(?:password|passwd|pwd|passphrase|pin)\b\s{0,3}(?:[:=]|(is|was))\s{0,3}["'“]?([!-~]{4,64})/dg;
const NO_PASSWORD =
  /^(?:https?:|(?:wrong|incorrect|not|reset|required|error|forgot|changed?|failed|link|expired|invalid|correct|lost|being|still|too)\b)/i;
const RULES = [pem, keystore, extendedKeys, privateKeys, mnemonics, codes, passwords];

/** `text` with every secret replaced by ⟦secret:KIND⟧, and the kinds that were `found`. Guarding twice changes nothing. */
export function guard(text) {
  let guarded = "";
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    guarded += stretch(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  guarded += stretch(text.slice(at));
  return { text: guarded, found: [...new Set([...guarded.matchAll(PLACEHOLDER)].map((match) => match[1]))] };
}

function stretch(text) {
  const folded = fold(text);
  let out = "";
  let at = 0;
  for (const [start, end, kind] of withoutOverlaps(folded)) {
    out += `${stray(text.slice(at, folded.places[start]))}⟦secret:${kind}⟧`;
    at = folded.places[end];
  }
  return out + stray(text.slice(at));
}

function stray(text) {
  return text.replaceAll("⟦", "〔").replaceAll("⟧", "〕");
}

function withoutOverlaps(folded) {
  const spans = RULES.flatMap((rule) => [...rule(folded)]).sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  const joined = [];
  for (const [start, end, kind] of spans) {
    const last = joined.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end, kind]);
  }
  return joined;
}

function near(pattern, text, start, end) {
  return pattern.test(text.slice(Math.max(0, start), end));
}

function ends(match) {
  return match.index + match[0].length;
}

function* pem({ low }) {
  for (const match of low.matchAll(PEM)) {
    PEM_END.lastIndex = ends(match);
    const end = PEM_END.exec(low);
    yield [match.index, end ? ends(end) : low.length, "pem"];
    if (!end) return;
  }
}

function* keystore({ low }) {
  if (!low.includes("ciphertext") || !low.includes("crypto")) return;
  const [start, end] = [low.indexOf("{"), low.lastIndexOf("}")];
  const first = Math.min(low.indexOf("ciphertext"), low.indexOf("crypto"));
  if (start >= 0 && start < first) yield [start, end > first ? end + 1 : low.length, "keystore"];
}

function* extendedKeys({ plain }) {
  for (const match of plain.matchAll(EXTENDED)) yield [match.index, ends(match), "extended_key"];
}

// The checksum of a WIF key needs a hash that the browser only gives later, so its shape is enough here: the server decides.
function* privateKeys({ plain, low }) {
  for (const match of plain.matchAll(WIF)) yield [match.index, ends(match), "private_key"];
  for (const match of plain.matchAll(BYTES)) yield [match.index, ends(match), "private_key"];
  for (const match of plain.matchAll(LONG_KEY)) {
    if (near(KEY_WORD, low, match.index - 40, ends(match) + 20)) yield [match.index, ends(match), "private_key"];
  }
}

function* mnemonics({ low }) {
  let run = [];
  for (const match of low.matchAll(/[a-z]+/g)) {
    if (run.length && !isGap(low, run.at(-1)[1], match.index)) {
      yield* phrases(run, low);
      run = [];
    }
    run.push([match.index, ends(match), WORDS.has(match[0])]);
  }
  yield* phrases(run, low);
  for (const word of low.matchAll(new RegExp(PHRASE_WORD, "g"))) {
    HAN_PHRASE.lastIndex = ends(word);
    const match = HAN_PHRASE.exec(low);
    if (match) yield [...match.indices[1], "mnemonic"];
  }
}

function isGap(low, start, end) {
  return end > start && end - start <= 12 && !LETTER.test(low.slice(start, end));
}

function* phrases(run, low) {
  let start = 0;
  while (start < run.length) {
    const length = phraseLength(run, start, low);
    if (length) yield [run[start][0], run[start + length - 1][1], "mnemonic"];
    start += length || Math.max(1, strictRun(run, start));
  }
}

function phraseLength(run, start, low) {
  const strict = strictRun(run, start);
  const isNear = strict >= 4 && near(PHRASE_WORD, low, run[start][0] - 24, run[start][0]);
  if (strict >= 8 || isNear) return strict;
  // One word misspelt: what stands on both sides of it is counted together.
  const after = strict ? strictRun(run, start + strict + 1) : 0;
  return after < 8 && strict + after >= 11 ? strict + 1 + after : 0;
}

function strictRun(run, start) {
  let end = start;
  while (run[end]?.[2]) end += 1;
  return end - start;
}

function* codes({ low }) {
  for (const match of low.matchAll(CODE_WORD)) {
    if (near(NOT_A_CODE_BEFORE, low, match.index - 12, match.index)) continue;
    DIGITS_AFTER.lastIndex = ends(match);
    const after = DIGITS_AFTER.exec(low);
    if (!after || NOT_BETWEEN.test(after[1])) continue;
    UNIT.lastIndex = ends(after);
    if (!UNIT.test(low)) yield [after.index + after[1].length, ends(after), "code"];
  }
  for (const match of low.matchAll(DIGITS_BEFORE)) yield [match.index, ends(match), "code"];
}

function* passwords({ low, plain }) {
  for (const match of low.matchAll(PASSWORD)) {
    const [start, end] = match.indices[1] ?? match.indices[3];
    const said = plain.slice(start, end).replace(/[.,;:!?"')”]+$/, "");
    const isSentence = match[2] && !/[\d!-/@[-`{-~]/.test(said);
    if (said.length >= 4 && !NO_PASSWORD.test(said) && !isSentence) yield [start, start + said.length, "password"];
  }
}
