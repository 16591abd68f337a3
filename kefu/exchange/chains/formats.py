"""How addresses are written: each format says whether a value fits it, looks like it and can't be, or is none of its own.

`looks` are patterns that Python and JavaScript read alike: the browser tells an address from a TxID by them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kefu.exchange.chains import bech32
from kefu.exchange.chains.digests import crc16, keccak256
from kefu.safety import base58

HASH_BYTES, KEY_BYTES = 20, 32
# CBOR's major types, and the smallest and largest of those additional bits that say how wide a number is.
NUMBER, BYTE_STRING = 0, 2
ONE_BYTE, EIGHT_BYTES = 24, 27
X_ADDRESS_BYTES, TON_BYTES, SS58_BYTES = 31, 36, 35
LONG_PREFIX, RESERVED_PREFIX = 64, 128
LAST_PAID_TYPE = 7
LAST_SMALL_NIBBLE = 7
BASE58 = "1-9A-HJ-NP-Za-km-z"


class Fit(StrEnum):
    SURE = "sure"
    """Its checksum is right."""
    PLAIN = "plain"
    """It is written as it should be, and there is no checksum in it to be right or wrong."""
    BROKEN = "broken"
    """It looks like this format, and can't be."""
    NONE = "none"


@dataclass(frozen=True)
class Format:
    """`letters` is what may stand in it, as a class of a pattern; what else stands there can't be."""

    looks: str
    letters: str
    fit: Callable[[str], Fit]
    has_checksum: bool = True

    def of(self, value: str) -> Fit:
        return self.fit(value) if re.fullmatch(self.looks, value) else Fit.NONE

    def misfits(self, value: str) -> tuple[int, ...]:
        """Places, from 0, of characters that can stand in no address of this format."""
        return tuple(at for at, letter in enumerate(value) if not re.fullmatch(f"[{self.letters}]", letter))


def _sure(is_right: bool) -> Fit:
    return Fit.SURE if is_right else Fit.BROKEN


def _base58check(*versions: int) -> Callable[[str], Fit]:
    def fit(value: str) -> Fit:
        raw = base58.decode(value)
        if raw is not None and len(raw) >= KEY_BYTES:
            return Fit.NONE
        body = base58.decode_checked(value)
        return _sure(body is not None and len(body) == HASH_BYTES + 1 and body[0] in versions)

    return fit


def _segwit(prefix: str) -> Callable[[str], Fit]:
    return lambda value: _sure(bech32.witness(value, prefix) is not None)


def _cosmos(value: str) -> Fit:
    found = bech32.decode(value)
    raw = bech32.to_bytes(found.values) if found and found.variant is bech32.Variant.BECH32 else None
    return _sure(bool(found and found.prefix == "cosmos" and raw and len(raw) in {HASH_BYTES, KEY_BYTES}))


def _cardano(value: str) -> Fit:
    """CIP-19: longer than BIP-173 allows, else the same. Types 0 to 7 of the main network can be paid to."""
    found = bech32.decode(value, longest=160)
    raw = bech32.to_bytes(found.values) if found and found.variant is bech32.Variant.BECH32 else None
    return _sure(bool(found and found.prefix == "addr" and raw and _is_paid(raw)))


def _is_paid(raw: bytes) -> bool:
    return raw[0] >> 4 <= LAST_PAID_TYPE and raw[0] & 15 == 1


def _evm(value: str) -> Fit:
    """EIP-55: capitals are the checksum. All small or all capital has none."""
    digits = value[2:]
    if not re.fullmatch(r"[0-9a-fA-F]{40}", digits):
        return Fit.BROKEN
    if digits in {digits.lower(), digits.upper()}:
        return Fit.PLAIN
    nibbles = keccak256(digits.lower().encode()).hex()
    written = [
        one.upper() if int(nibble, 16) > LAST_SMALL_NIBBLE else one
        for one, nibble in zip(digits.lower(), nibbles, strict=False)
    ]
    return _sure("".join(written) == digits)


def _solana(value: str) -> Fit:
    raw = base58.decode(value)
    return Fit.PLAIN if raw is not None and len(raw) == KEY_BYTES else Fit.BROKEN


def _xrp(value: str) -> Fit:
    """Version 0 and 20 bytes, or an X-address: 05 44, 20 bytes, a flag, and the tag (XLS-5)."""
    body = base58.decode_checked(value, base58.XRP)
    if body is None:
        return Fit.BROKEN
    if value[0] == "X":
        return _sure(len(body) == X_ADDRESS_BYTES and body[:2] == b"\x05\x44" and body[22] in {0, 1})
    return _sure(len(body) == HASH_BYTES + 1 and body[0] == 0)


STELLAR_SIZES = MappingProxyType({6 << 3: 35, 12 << 3: 43, 2 << 3: 35})


def _stellar(value: str) -> Fit:
    """SEP-23: a version byte, the key, and its CRC with the low byte first; written in one way only."""
    try:
        raw = base64.b32decode(value + "=" * (-len(value) % 8))
    except (binascii.Error, ValueError):
        return Fit.BROKEN
    is_same = base64.b32encode(raw).decode().rstrip("=") == value
    is_sized = bool(raw) and STELLAR_SIZES.get(raw[0]) == len(raw)
    return _sure(is_same and is_sized and crc16(raw[:-2]).to_bytes(2, "little") == raw[-2:])


def _ton(value: str) -> Fit:
    """TEP-2: a flag, the workchain, 32 bytes, and their CRC with the high byte first."""
    if ":" in value:
        return Fit.PLAIN if re.fullmatch(r"(0|-1):[0-9a-fA-F]{64}", value) else Fit.BROKEN
    try:
        raw = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        return Fit.BROKEN
    is_main = len(raw) == TON_BYTES and raw[0] in {0x11, 0x51} and raw[1] in {0x00, 0xFF}
    return _sure(is_main and crc16(raw[:-2]).to_bytes(2, "big") == raw[-2:])


def _polkadot(value: str) -> Fit:
    """SS58 with a checksum of two bytes of BLAKE2b; another network's prefix is another way to write the same account.

    From 64 on a prefix has two bytes.
    """
    raw = base58.decode(value)
    if not raw or raw[0] >= RESERVED_PREFIX or len(raw) != SS58_BYTES + (raw[0] >= LONG_PREFIX):
        return Fit.BROKEN
    check = hashlib.blake2b(b"SS58PRE" + raw[:-2]).digest()[:2]
    if check != raw[-2:]:
        return Fit.BROKEN
    return Fit.SURE if raw[0] == 0 else Fit.PLAIN


def _byron(value: str) -> Fit:
    """Cardano's first addresses: CBOR of a tagged byte string and its CRC-32 (cardano-wallet, "Byron address format")."""
    raw = base58.decode(value)
    if raw is None or raw[:3] != b"\x82\xd8\x18":
        return Fit.BROKEN
    payload, rest = _cbor_item(raw[3:], BYTE_STRING)
    check, left = _cbor_item(rest, NUMBER)
    return _sure(bool(payload) and not left and zlib.crc32(payload) == int.from_bytes(check, "big"))


def _cbor_item(raw: bytes, major: int) -> tuple[bytes, bytes]:
    """A byte string's bytes, or a number's, and what stands behind; nothing of another kind (RFC 8949, section 3)."""
    if not raw or raw[0] >> 5 != major:
        return b"", b""
    small, rest = raw[0] & 31, raw[1:]
    width = 1 << (small - ONE_BYTE) if ONE_BYTE <= small <= EIGHT_BYTES else 0
    if small > EIGHT_BYTES:
        return b"", b""
    number = rest[:width] if width else bytes([small])
    if major == NUMBER:
        return number, rest[width:]
    end = width + int.from_bytes(number, "big")
    return rest[width:end], rest[end:]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "bitcoin": Format("[13][0-9A-Za-z]{25,33}", BASE58, _base58check(0x00, 0x05)),
        "bitcoin_segwit": Format("(?:bc|BC)1[0-9A-Za-z]{8,87}", "0-9A-Za-z", _segwit("bc")),
        "litecoin": Format("[LM3][0-9A-Za-z]{25,33}", BASE58, _base58check(0x30, 0x32, 0x05)),
        "litecoin_segwit": Format("(?:ltc|LTC)1[0-9A-Za-z]{8,86}", "0-9A-Za-z", _segwit("ltc")),
        "dogecoin": Format("[DA9][0-9A-Za-z]{33}", BASE58, _base58check(0x1E, 0x16)),
        "cashaddr": Format(
            # Without its prefix by its own letters alone: else many other values would look like it.
            "(?:bitcoincash:|BITCOINCASH:)[qpzrQPZR][0-9A-Za-z]{41,111}"
            "|[qpzr][02-9ac-hj-np-z]{41,111}|[QPZR][02-9AC-HJ-NP-Z]{41,111}",
            "0-9A-Za-z:",
            lambda value: _sure(bech32.cash_hash(value) is not None),
        ),
        "evm": Format("0x[0-9A-Za-z]{40}", "0-9a-fA-Fx", _evm),
        "tron": Format("T[0-9A-Za-z]{33}", BASE58, _base58check(0x41)),
        "solana": Format(f"[{BASE58}0OIl]{{32,44}}", BASE58, _solana, has_checksum=False),
        "xrp": Format("r[0-9A-Za-z]{24,34}|X[0-9A-Za-z]{46}", BASE58, _xrp),
        "stellar": Format("[GC][0-9A-Za-z]{55}|M[0-9A-Za-z]{68}", "A-Z2-7", _stellar),
        "ton": Format("[EU][0-9A-Za-z+/_-]{47}|(?:0|-1):[0-9A-Za-z]{64}", "0-9A-Za-z+/_:-", _ton),
        "cardano": Format("(?:addr|ADDR)1[0-9A-Za-z]{50,120}", "0-9A-Za-z", _cardano),
        "cardano_byron": Format("(?:Ae2|DdzFF)[0-9A-Za-z]{50,110}", BASE58, _byron),
        "polkadot": Format("[15][0-9A-Za-z]{45,48}", BASE58, _polkadot),
        "cosmos": Format("(?:cosmos|COSMOS)1[0-9A-Za-z]{38,60}", "0-9A-Za-z", _cosmos),
    }
)
