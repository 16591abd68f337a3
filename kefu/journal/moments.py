"""Moments as databases write them: read once, since the same rows come again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=8_192)
def moment(written: bytes) -> datetime:
    """In UTC, also where no zone stands beside it, as Django has it in SQLite. Raises ValueError for "infinity"."""
    found = datetime.fromisoformat(written.decode())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
