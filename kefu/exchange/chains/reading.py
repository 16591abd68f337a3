"""What was pasted, as a value: without what nobody sees, taken out of an explorer's link, and never a secret."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.chains.formats import BASE58, FORMATS
from kefu.safety import base58
from kefu.safety.guard import guard

# Longer than any link to an explorer.
LONGEST = 500
# A key of 64 bytes in base58, with room to spare.
SHORTEST_KEY, LONGEST_KEY, KEY_BYTES = 80, 90, 64
LINK = re.compile(r"https?://", re.IGNORECASE)
# What nobody types here but a key, though its checksum be wrong or it have none: the guard of free text looks closer.
SECRET_SHAPES = (
    # In wallet import format, with a slip or not; small letters tell it from Algorand's TxIDs.
    f"(?=.*[a-z])(?:[56][{BASE58}]{{50}}|[KLTQ][{BASE58}]{{51}}|6P[{BASE58}]{{56}})",
    f"s[{BASE58}]{{27,30}}",
    # The XRP Ledger's secret numbers (XLS-12), eight of six digits, and its keys in hex, longer than any TxID.
    "(?:[0-9]{6}[,;-]?){8}",
    "(?:[eE][dD]|00)[0-9a-fA-F]{64}",
    # Tezos's, and 64 bytes in hex, which no TxID has.
    f"edsk[{BASE58}]{{50,94}}",
    "(?:0[xX])?[0-9a-fA-F]{128}",
)


@dataclass(frozen=True)
class Typed:
    """`network` is the one whose explorer the link was of."""

    value: str
    unseen: int = 0
    from_link: bool = False
    network: str | None = None


def read(text: str) -> Typed:
    """In ASCII where that is only another width; what is left of other scripts can stand in no value."""
    # One character may become eighteen.
    whole = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].strip()
    value = "".join(
        one for one in whole if not one.isspace() and unicodedata.category(one) not in {"Cf", "Cc"}
    )
    unseen = sum(unicodedata.category(one) in {"Cf", "Cc"} and not one.isspace() for one in whole)
    return _from_link(value, unseen) if LINK.match(value) else Typed(value, unseen)


def _from_link(value: str, unseen: int) -> Typed:
    """The part of its path, query or fragment that is written like a TxID or an address, else the longest."""
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Typed(value, unseen)
    found = max(_words(parts), key=_fitness, default="")
    network = _network_of(f"{host}{parts.path}")
    return Typed(found, unseen, from_link=True, network=network) if found else Typed(value, unseen)


def _words(parts: SplitResult) -> list[str]:
    """Apart first and unescaped then: TON writes TxIDs with "/" and "=" in them."""
    path, _, query = parts.fragment.partition("?")
    names = [*f"{parts.path}/{path}".split("/")]
    values = [one.partition("=")[2] or one for one in re.split("[?&]", f"{parts.query}&{query}")]
    return [unquote(word) for word in (*names, *values) if word]


def _fitness(word: str) -> tuple[int, int]:
    """A click's mark may be longer than the TxID that it stands beside."""
    if any(one.is_txid(word) for one in catalogue().networks.values()):
        return 2, len(word)
    return int(any(re.fullmatch(one.looks, word) for one in FORMATS.values())), len(word)


def _network_of(place: str) -> str | None:
    """Whose explorer is at this host and path; some explorers show several networks."""
    return next(
        (
            one.key
            for one in catalogue().networks.values()
            for host in one.hosts
            if f"{place}/".startswith(f"{host}/")
        ),
        None,
    )


def is_secret(text: str) -> bool:
    """May this be a key or a phrase that opens a wallet? Asked of what was typed, before anything else."""
    value = read(text).value
    if guard(text).found or guard(value).found:
        return True
    return any(re.fullmatch(shape, value) for shape in SECRET_SHAPES) or is_solana_key(value)


def is_solana_key(value: str) -> bool:
    """A key file's 64 bytes have the shape of a TxID; in them the second half is the public key of the first (RFC 8032)."""
    raw = base58.decode(value) if SHORTEST_KEY <= len(value) <= LONGEST_KEY else None
    if raw is None or len(raw) != KEY_BYTES:
        return False
    return Ed25519PrivateKey.from_private_bytes(raw[:32]).public_key().public_bytes_raw() == raw[32:]
