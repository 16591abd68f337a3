"""The catalogue of coins and networks, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from kefu.exchange.chains.formats import BASE58, FORMATS, Format
from kefu.safety import base58

FILE = Path(__file__).with_name("catalogue.toml")


class TxidShape(StrEnum):
    """How a network writes its TxIDs; `pattern` is read alike by Python and JavaScript, and `size` is how many bytes
    of base58 it has to be, 0 if it is none.
    """

    HEX = "hex"
    HEX_UPPER = "hex_upper"
    EVM = "evm"
    SOLANA = "solana"
    TON = "ton"
    POLKADOT = "polkadot"

    @property
    def pattern(self) -> str:
        return PATTERNS[self]

    @property
    def is_prefixed(self) -> bool:
        """Does "0x" stand before the hash?"""
        return self in {TxidShape.EVM, TxidShape.POLKADOT}

    @property
    def length(self) -> int:
        return LENGTHS[self]

    @property
    def size(self) -> int:
        return SIGNATURE_BYTES if self is TxidShape.SOLANA else 0

    def fits(self, value: str) -> bool:
        if not re.fullmatch(self.pattern, value):
            return False
        return not self.size or len(base58.decode(value) or b"") == self.size


SIGNATURE_BYTES = 64
HEX = "[0-9a-fA-F]{64}"
PATTERNS: Mapping[TxidShape, str] = MappingProxyType(
    {
        TxidShape.HEX: HEX,
        TxidShape.HEX_UPPER: HEX,
        TxidShape.EVM: f"0x{HEX}",
        TxidShape.SOLANA: f"[{BASE58}]{{86,88}}",
        TxidShape.TON: f"{HEX}|[0-9A-Za-z+/_-]{{43}}=?",
        TxidShape.POLKADOT: f"0x{HEX}|[0-9]{{1,10}}-[0-9]{{1,4}}",
    }
)
LENGTHS: Mapping[TxidShape, int] = MappingProxyType(
    {
        TxidShape.HEX: 64,
        TxidShape.HEX_UPPER: 64,
        TxidShape.EVM: 66,
        TxidShape.SOLANA: 88,
        TxidShape.TON: 64,
        TxidShape.POLKADOT: 66,
    }
)


class Memo(StrEnum):
    """What a network calls the words or the number that say whose deposit it is."""

    TAG = "tag"
    MEMO = "memo"
    COMMENT = "comment"


@dataclass(frozen=True)
class Network:
    key: str
    name: str
    txid: TxidShape
    formats: tuple[Format, ...]
    explorer: str
    hosts: tuple[str, ...]
    block_time: timedelta | None
    memo: Memo | None

    def is_txid(self, value: str) -> bool:
        """Is it written as this network writes them?"""
        return self.txid.fits(value)

    def explorer_link(self, txid: str) -> str:
        return self.explorer.replace("{txid}", quote(txid, safe=""))


@dataclass(frozen=True)
class Coin:
    """`scale` is how many decimals an amount of it may have."""

    key: str
    scale: int
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Catalogue:
    coins: Mapping[str, Coin]
    networks: Mapping[str, Network]


@cache
def catalogue() -> Catalogue:
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    networks = {key: _network(key, values) for key, values in said["networks"].items()}
    coins = {
        key: Coin(key, values["scale"], tuple(networks[one] for one in values["networks"]))
        for key, values in said["coins"].items()
    }
    return Catalogue(MappingProxyType(coins), MappingProxyType(networks))


def networks_of(coin: str) -> tuple[Network, ...]:
    """Those on which the coin can be sent; all of them for a coin that is not in the catalogue."""
    found = catalogue().coins.get(coin)
    return found.networks if found else tuple(catalogue().networks.values())


def _network(key: str, values: Mapping[str, Any]) -> Network:
    seconds = values.get("block_seconds")
    return Network(
        key=key,
        name=values["name"],
        txid=TxidShape(values["txid"]),
        formats=tuple(FORMATS[one] for one in values["address"]),
        explorer=values["explorer"],
        hosts=tuple(values["hosts"]),
        block_time=timedelta(seconds=seconds) if seconds else None,
        memo=Memo(values["memo"]) if "memo" in values else None,
    )
