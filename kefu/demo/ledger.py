"""星海's ledger: the demo's double of what a platform knows of deposits. Its table is content/deposits.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from kefu.demo.reading import CONTENT
from kefu.exchange.ledger import (
    Example,
    InAccount,
    LedgerSource,
    OnChain,
    Question,
    Restriction,
    Standing,
    Traced,
    Unavailable,
)

Row = Mapping[str, Any]


class Ledger(LedgerSource):
    """Knows a transaction by coin and TxID, over whatever network somebody asks about it."""

    def __init__(self, folder: Path = CONTENT) -> None:
        self.folder = folder

    def trace(self, question: Question) -> Traced | None:
        row = self._rows.get((question.coin, question.txid.lower()))
        if row is None:
            return None
        if row.get("is_out"):
            raise Unavailable
        return Traced(chain=self._chain(row), account=self._account(row) if "user" in row else None)

    def examples(self) -> Sequence[Example]:
        return tuple(
            Example(row["coin"], row["network"], row["txid"], row["labels"]) for row in self._rows.values()
        )

    def _chain(self, row: Row) -> OnChain:
        needed = row.get("needed") or self._facts["confirmations"][row["network"]]["credit"]
        return OnChain(network=row["network"], confirmations=row["confirmations"], needed=needed)

    def _account(self, row: Row) -> InAccount:
        minimum = row.get("minimum")
        restriction = row.get("restriction")
        return InAccount(
            user_id=row["user"],
            standing=Standing(row["standing"]),
            amount=Decimal(row["amount"]),
            minimum=Decimal(str(self._facts["deposits"][f"minimum_{minimum}"])) if minimum else None,
            credited_at=row.get("credited_at"),
            restriction=Restriction(restriction) if restriction else None,
        )

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Row]:
        found = tomllib.loads((self.folder / "deposits.toml").read_text(encoding="utf-8"))["deposit"]
        return {(row["coin"], row["txid"].lower()): row for row in found}

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        return tomllib.loads((self.folder / "facts.toml").read_text(encoding="utf-8"))
