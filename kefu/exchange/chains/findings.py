"""What a check says of a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """IMPOSSIBLE alone is certain: the checksum is wrong, or characters stand there that the format has not."""

    EMPTY = "empty"
    VALID = "valid"
    FITS = "fits"
    """Written as it should be; the format has no checksum to say more."""
    POSSIBLE = "possible"
    """Fits these networks of the coin; which one, only the sender's side can tell."""
    OTHER_NETWORK = "other_network"
    """Fits none of what was chosen, but these."""
    OTHER_THING = "other_thing"
    TYPO = "typo"
    """Looks like one format alone, whose checksum is wrong: not certain, because nobody said that it is one."""
    UNRECOGNISED = "unrecognised"
    IMPOSSIBLE = "impossible"
    SECRET = "secret"  # noqa: S105 - a verdict
    """It may be a private key or a recovery phrase. It is neither kept nor said again."""


class Thing(StrEnum):
    ADDRESS = "address"
    TXID = "txid"
    INTERNAL = "internal"
    """The number of a transfer within a platform, which is on no chain."""


@dataclass(frozen=True)
class Finding:
    """`value` as the network writes it; "" for a secret. `misfits` are places in it, from 0, that can't be.

    `unseen` is how many invisible characters were taken out. `wanted` is how long it should be, where it is not.
    `prefixed` says that the "0x" in front is ours; a private key looks like what was typed.
    `is_sure`: it is the other thing by its checksum, and not by its looks alone.
    """

    verdict: Verdict
    value: str = ""
    networks: tuple[str, ...] = ()
    thing: Thing | None = None
    misfits: tuple[int, ...] = ()
    unseen: int = 0
    wanted: int = 0
    from_link: bool = False
    prefixed: bool = False
    is_sure: bool = False
