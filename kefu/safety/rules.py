"""What counts as a secret: each rule is linear and gives spans in the folded text. Formats: BIP-32, BIP-39, RFC 7468, WIF."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kefu.safety.folding import Folded


class SecretKind(StrEnum):
    MNEMONIC = "mnemonic"
    PRIVATE_KEY = "private_key"
    EXTENDED_KEY = "extended_key"
    PEM = "pem"
    KEYSTORE = "keystore"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a kind, not a password


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    kind: SecretKind


Rule = Callable[[Folded], Iterator[Span]]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
B58 = "[1-9A-HJ-NP-Za-km-z]"
WORDS = frozenset((Path(__file__).parent / "data" / "bip39_english.txt").read_text(encoding="utf-8").split())

PEM = re.compile(r"-----begin [a-z0-9 ]{0,40}private key-----")
PEM_END = re.compile(r"-----end [a-z0-9 ]{0,40}private key-----")
EXTENDED = re.compile(rf"(?<![A-Za-z0-9])[xyztuvYZUV]prv{B58}{{100,110}}(?![A-Za-z0-9])")
WIF = re.compile(rf"(?<![A-Za-z0-9])[5KL9c]{B58}{{50,51}}(?![A-Za-z0-9])")
LONG_KEY = re.compile(rf"(?<![A-Za-z0-9])(?:(?:0x)?[0-9a-fA-F]{{64}}|{B58}{{86,88}})(?![A-Za-z0-9])")
BYTES = re.compile(r"\[\s{0,4}\d{1,3}(?:\s{0,4},\s{0,4}\d{1,3}){63}\s{0,4}\]")
KEY_WORD = re.compile(r"私钥|密钥|private.?key|secret.?key|privkey")
NEAR_KEY = 40

LATIN_WORD = re.compile(r"[a-z]+")
LETTER = re.compile(r"[^\W\d_]")
PHRASE_WORD = re.compile(r"助记词|恢复词|种子词|seed|mnemonic|recovery phrase|secret phrase")
RUN, RUN_WITH_SLIP, RUN_NEAR_WORD, WIDEST_GAP = 8, 11, 4, 12
HAN_PHRASE = re.compile(
    r"[^\u4e00-\u9fff\n]{0,8}(?:是|为)?[\s:：]{0,4}"
    r"([\u4e00-\u9fff](?:[\s,，、.。;；|/\d-]{1,5}[\u4e00-\u9fff]){11,23})(?![\u4e00-\u9fff])"
)

CODE_WORD = re.compile(
    r"验证码|校验码|动态码|动态口令|动态密码|短信码|安全码|谷歌码|谷歌验证|身份验证器|简讯码|\botp\b|\b2fa\b|\btotp\b|\bcode\b"
    r"|\bpasscode\b|\bone-time password\b|\bauthenticator\b"
)
NOT_A_CODE_BEFORE = re.compile(
    r"(?:错误|报错|状态|邮政|国家|邀请|推荐|代)$"
    r"|\b(?:error|status|http|country|promo|postal|zip|area|referral|bank|swift|exit|invite)[\s-]{0,2}$"
)
DIGITS_AFTER = re.compile(r"([^\d\n]{0,12})(?<![\d.])(\d{3}[ -]\d{3}|\d{4,8})(?!\d|[.,]\d|%|[-/:年月日])")
NOT_BETWEEN = re.compile(
    r"订单|单号|编号|uid|order|金额|数额|amount|日期|date|账户|account|\bid\b|[$¥€£]|问题|错误|error|尾号|手机|phone"
)
UNIT = re.compile(
    r"\s{0,2}(?:分钟|小时|秒|天|元|块|个|次|位|条|年|月|日|万|usdt|usdc|btc|eth|min|sec|hour|day|time|digit)"
)
DIGITS_BEFORE = re.compile(
    r"(?<![\d.])(\d{3}[ -]\d{3}|\d{6})(?![\d.])"
    r"(?=[^\d\n]{0,4}(?:是|就是|为|\bis\b)[^\d\n]{0,12}(?:验证码|校验码|动态码|code|otp))"
)

PASSWORD = re.compile(
    r"(?:登录|资金|交易|支付|钱包|邮箱|账户|我的)?(?:密码|口令)\s{0,3}(?:是|为|就是|[:=])\s{0,3}[「『\"'“]?([!-~]{4,64})"
    r"|\b(?:password|passwd|pwd|passphrase|pin)\b\s{0,3}(?:[:=]|(is|was))\s{0,3}[\"'“]?([!-~]{4,64})"
)
NO_PASSWORD = re.compile(
    r"https?:|(?:wrong|incorrect|not|reset|required|error|forgot|changed?|failed|link"
    r"|expired|invalid|correct|lost|being|still|too)\b",
    re.IGNORECASE,
)


def pem(text: Folded) -> Iterator[Span]:
    for match in PEM.finditer(text.low):
        end = PEM_END.search(text.low, match.end())
        yield Span(match.start(), end.end() if end else len(text.low), SecretKind.PEM)
        if not end:
            return


def keystore(text: Folded) -> Iterator[Span]:
    """Web3 secret storage: one JSON object with "crypto" and "ciphertext"."""
    if "ciphertext" not in text.low or "crypto" not in text.low:
        return
    start, end = text.low.find("{"), text.low.rfind("}")
    first = min(text.low.find("ciphertext"), text.low.find("crypto"))
    if 0 <= start < first:
        yield Span(start, end + 1 if end > first else len(text.low), SecretKind.KEYSTORE)


def extended_keys(text: Folded) -> Iterator[Span]:
    for match in EXTENDED.finditer(text.plain):
        yield Span(*match.span(), SecretKind.EXTENDED_KEY)


def private_keys(text: Folded) -> Iterator[Span]:
    for match in WIF.finditer(text.plain):
        if _is_base58check(match.group()):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    for match in BYTES.finditer(text.plain):
        yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    # 64 hex digits are a TxID's shape too, so only a word near by makes them a key.
    for match in LONG_KEY.finditer(text.plain):
        if KEY_WORD.search(text.low, max(0, match.start() - NEAR_KEY), match.end() + NEAR_KEY // 2):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)


def _is_base58check(text: str) -> bool:
    number = 0
    for letter in text:
        number = number * 58 + BASE58.index(letter)
    raw = number.to_bytes(40, "big").lstrip(b"\0")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def mnemonics(text: Folded) -> Iterator[Span]:
    """Eight words of the list in a row, or eleven of twelve; four are enough behind the word itself."""
    run: list[tuple[int, int, bool]] = []
    for match in LATIN_WORD.finditer(text.low):
        if run and not _is_gap(text.low, run[-1][1], match.start()):
            yield from _phrases(run, text)
            run = []
        run.append((*match.span(), match.group() in WORDS))
    yield from _phrases(run, text)
    for word in PHRASE_WORD.finditer(text.low):
        phrase = HAN_PHRASE.match(text.low, word.end())
        if phrase:
            yield Span(*phrase.span(1), SecretKind.MNEMONIC)


def _is_gap(low: str, start: int, end: int) -> bool:
    """Spaces, numbering and punctuation only."""
    return 0 < end - start <= WIDEST_GAP and not LETTER.search(low, start, end)


def _phrases(run: list[tuple[int, int, bool]], text: Folded) -> Iterator[Span]:
    start = 0
    while start < len(run):
        length = _phrase_length(run, start, text)
        if length:
            yield Span(run[start][0], run[start + length - 1][1], SecretKind.MNEMONIC)
        start += length or max(1, _strict_run(run, start))


def _phrase_length(run: list[tuple[int, int, bool]], start: int, text: Folded) -> int:
    """How many words from here on are a seed phrase; 0 if they are talk."""
    strict = _strict_run(run, start)
    near = strict >= RUN_NEAR_WORD and PHRASE_WORD.search(text.low, max(0, run[start][0] - 24), run[start][0])
    if strict >= RUN or near:
        return strict
    # One word misspelt: what stands on both sides of it is counted together.
    after = _strict_run(run, start + strict + 1) if strict else 0
    return strict + 1 + after if after < RUN and strict + after >= RUN_WITH_SLIP else 0


def _strict_run(run: list[tuple[int, int, bool]], start: int) -> int:
    end = start
    while end < len(run) and run[end][2]:
        end += 1
    return end - start


def codes(text: Folded) -> Iterator[Span]:
    for match in CODE_WORD.finditer(text.low):
        if NOT_A_CODE_BEFORE.search(text.low, max(0, match.start() - 12), match.start()):
            continue
        after = DIGITS_AFTER.match(text.low, match.end())
        if after and not NOT_BETWEEN.search(after.group(1)) and not UNIT.match(text.low, after.end()):
            yield Span(*after.span(2), SecretKind.CODE)
    for match in DIGITS_BEFORE.finditer(text.low):
        yield Span(*match.span(1), SecretKind.CODE)


def passwords(text: Folded) -> Iterator[Span]:
    for match in PASSWORD.finditer(text.low):
        group = 1 if match.group(1) else 3
        said = text.plain[match.start(group) : match.end(group)].rstrip(".,;:!?\"')”")
        is_sentence = match.group(2) and not re.search(r"[\d!-/@\[-`{-~]", said)
        if len(said) >= 4 and not NO_PASSWORD.match(said) and not is_sentence:  # noqa: PLR2004 - the shortest PIN
            yield Span(match.start(group), match.start(group) + len(said), SecretKind.PASSWORD)


RULES: tuple[Rule, ...] = (pem, keystore, extended_keys, private_keys, mnemonics, codes, passwords)
