"""The tag, memo or comment that says whose deposit it is."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from enum import StrEnum

from kefu.exchange.chains.catalogue import Memo, Network

LARGEST_TAG = 2**32 - 1
# A text of Stellar's has at most 28 bytes; an id is at most 20 digits, a hash 32 bytes (developers.stellar.org, "Memos").
STELLAR_BYTES = 28
HASH_BYTES = 32
LONGEST = 256
LONGEST_TAG = len(str(LARGEST_TAG))


class MemoProblem(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"


def check_memo(text: str, network: Network) -> MemoProblem | None:
    """What is wrong with it for this network; none given is an answer too."""
    text = memo_written(text, network)
    if not text or network.memo is None:
        return None
    if network.memo is Memo.TAG:
        return _tag(text)
    if network.key == "stellar":
        return MemoProblem.TOO_LONG if len(text.encode()) > STELLAR_BYTES and not _is_hash(text) else None
    return MemoProblem.TOO_LONG if len(text) > LONGEST else None


def _tag(text: str) -> MemoProblem | None:
    if not re.fullmatch(r"[0-9]+", text):
        return MemoProblem.NOT_A_NUMBER
    return MemoProblem.TOO_LARGE if len(text) > LONGEST_TAG or int(text) > LARGEST_TAG else None


def memo_written(text: str, network: Network | None) -> str:
    """Without what nobody sees, and in ASCII where that is only another width; a tag without zeros in front."""
    narrow = unicodedata.normalize("NFKC", text)
    seen = "".join(one for one in narrow if unicodedata.category(one) not in {"Cf", "Cc"}).strip()
    if not seen.isascii():
        return text.strip()
    if network and network.memo is Memo.TAG and re.fullmatch(r"[0-9 ]+", seen):
        return seen.replace(" ", "").lstrip("0") or "0"
    return seen


def _is_hash(text: str) -> bool:
    """32 bytes, in hex or in base64."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return True
    try:
        return len(base64.b64decode(text, validate=True)) == HASH_BYTES
    except (binascii.Error, ValueError):
        return False
