"""One spelling for an address or a TxID in whatever way it was written, so that the same is found again."""

from __future__ import annotations

import base64
import re

from kefu.exchange.chains.checks import GOOD
from kefu.exchange.chains.formats import FORMATS, Fit
from kefu.exchange.chains.reading import read

TON_HASH = re.compile(r"[0-9A-Za-z+/_-]{43}=?")
TON_ADDRESS_CHARACTERS = 48


def spelled_alike(text: str) -> str:
    """Taken out of a link, without what nobody sees, in small letters, hashes without "0x", TON's in hex.

    It is for comparing only: what differs in nothing but capitals has one spelling.
    """
    value = read(text).value
    if len(value) == TON_ADDRESS_CHARACTERS and FORMATS["ton"].of(value) is Fit.SURE:
        raw = _from_base64(value)
        return f"{int.from_bytes(raw[1:2], signed=True)}:{raw[2:34].hex()}"
    if TON_HASH.fullmatch(value) and not _is_address(value):
        return _from_base64(value.removesuffix("=") + "=").hex()
    low = value.lower().removeprefix("bitcoincash:")
    return low[2:] if re.fullmatch("0x[0-9a-f]+", low) else low


def _is_address(value: str) -> bool:
    return any(one.of(value) in GOOD for one in FORMATS.values())


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_"))
