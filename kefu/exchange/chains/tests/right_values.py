"""Right values made from any seed: addresses and TxIDs as their networks write them."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from itertools import cycle, islice

from kefu.exchange.chains import bech32
from kefu.exchange.chains.digests import crc16
from kefu.safety import base58


def digest(seed: int, size: int = 32) -> bytes:
    return hashlib.shake_256(str(seed).encode()).digest(size)


def in_base58(raw: bytes, alphabet: str = base58.BITCOIN) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = alphabet[rest] + text
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + text


def with_check(body: bytes, alphabet: str = base58.BITCOIN) -> str:
    twice = hashlib.sha256(hashlib.sha256(body).digest()).digest()
    return in_base58(body + twice[:4], alphabet)


def in_fives(raw: bytes) -> list[int]:
    size = len(raw) * 8
    pad = -size % 5
    bits = int.from_bytes(raw, "big") << pad
    return [(bits >> at) & 31 for at in range(size + pad - 5, -1, -5)]


def segwit(prefix: str, version: int, program: bytes) -> str:
    return _bech32(prefix, [version, *in_fives(program)], 1 if version == 0 else 0x2BC830A3)


def bech32_of(prefix: str, raw: bytes) -> str:
    return _bech32(prefix, in_fives(raw), 1)


def _bech32(prefix: str, values: list[int], variant: int) -> str:
    spread = [ord(one) >> 5 for one in prefix] + [0] + [ord(one) & 31 for one in prefix]
    check = bech32._polymod([*spread, *values, *[0] * 6]) ^ variant
    values = [*values, *((check >> at) & 31 for at in range(25, -1, -5))]
    return f"{prefix}1" + "".join(bech32.LETTERS[one] for one in values)


def cash(seed: int) -> str:
    values = in_fives(b"\0" + digest(seed, 20))
    check = bech32._cash_polymod([*(ord(one) & 31 for one in "bitcoincash"), 0, *values, *[0] * 8])
    values += [(check >> at) & 31 for at in range(35, -1, -5)]
    return "".join(bech32.LETTERS[one] for one in values)


def ton(seed: int, flag: int) -> str:
    body = bytes([flag, 0]) + digest(seed)
    return base64.urlsafe_b64encode(body + crc16(body).to_bytes(2, "big")).decode()


def stellar(body: bytes) -> str:
    return base64.b32encode(body + crc16(body).to_bytes(2, "little")).decode().rstrip("=")


def x_address(seed: int) -> str:
    body = b"\x05\x44" + digest(seed, 20) + b"\1" + (seed % 2**32).to_bytes(4, "little") + bytes(4)
    return with_check(body, base58.XRP)


def polkadot(seed: int) -> str:
    body = b"\0" + digest(seed)
    return in_base58(body + hashlib.blake2b(b"SS58PRE" + body).digest()[:2])


def byron(seed: int) -> str:
    """An account without attributes, and its CRC in as few bytes as CBOR writes it."""
    payload = b"\x83\x58\x1c" + digest(seed, 28) + b"\xa0\x00"
    check = zlib.crc32(payload)
    width = next(one for one in (1, 2, 4) if check < 256**one)
    number = bytes([{1: 0x18, 2: 0x19, 4: 0x1A}[width]]) + check.to_bytes(width, "big")
    return in_base58(b"\x82\xd8\x18\x58" + bytes([len(payload)]) + payload + number)


def _versioned(version: int, alphabet: str = base58.BITCOIN) -> Callable[[int], str]:
    return lambda seed: with_check(bytes([version]) + digest(seed, 20), alphabet)


# Network and how one of its addresses is made.
ADDRESSES: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("bitcoin", _versioned(0x00)),
    ("bitcoin", _versioned(0x05)),
    ("bitcoin", lambda seed: segwit("bc", 0, digest(seed, 20))),
    ("bitcoin", lambda seed: segwit("bc", 1, digest(seed))),
    ("litecoin", _versioned(0x30)),
    ("litecoin", _versioned(0x32)),
    ("litecoin", lambda seed: segwit("ltc", 0, digest(seed, 20))),
    ("dogecoin", _versioned(0x1E)),
    ("dogecoin", _versioned(0x16)),
    ("tron", _versioned(0x41)),
    ("xrp", _versioned(0x00, base58.XRP)),
    ("xrp", x_address),
    ("ethereum", lambda seed: f"0x{digest(seed, 20).hex()}"),
    ("solana", lambda seed: in_base58(digest(seed))),
    ("ton", lambda seed: ton(seed, 0x51)),
    ("ton", lambda seed: ton(seed, 0x11)),
    ("stellar", lambda seed: stellar(bytes([48]) + digest(seed))),
    ("stellar", lambda seed: stellar(bytes([96]) + digest(seed) + digest(seed, 8))),
    ("polkadot", polkadot),
    ("bitcoincash", cash),
    ("cardano", byron),
    ("cosmos", lambda seed: bech32_of("cosmos", digest(seed, 20))),
    ("cardano", lambda seed: bech32_of("addr", bytes([0x01]) + digest(seed, 56))),
    ("cardano", lambda seed: bech32_of("addr", bytes([0x61]) + digest(seed, 28))),
)

# Network and how one of its TxIDs is made.
TXIDS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("bitcoin", lambda seed: digest(seed).hex()),
    ("xrp", lambda seed: digest(seed).hex().upper()),
    ("ethereum", lambda seed: f"0x{digest(seed).hex()}"),
    ("solana", lambda seed: in_base58(digest(seed, 64))),
    ("ton", lambda seed: base64.b64encode(digest(seed)).decode()),
    ("ton", lambda seed: base64.urlsafe_b64encode(digest(seed)).decode().rstrip("=")),
)


def some_addresses(count: int) -> list[tuple[str, str]]:
    """As many of each kind."""
    return [(network, make(seed)) for seed, (network, make) in islice(enumerate(cycle(ADDRESSES)), count)]


def some_txids(count: int) -> list[tuple[str, str]]:
    return [(network, make(seed)) for seed, (network, make) in islice(enumerate(cycle(TXIDS)), count)]
