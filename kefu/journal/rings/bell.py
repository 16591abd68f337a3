"""This process's bell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any


@dataclass
class Bell:
    on_ring: list[Callable[[], None]] = field(default_factory=list)
    on_lease: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)

    def ring(self) -> None:
        for hear in list(self.on_ring):
            hear()

    def pass_on(self, lease: dict[str, Any]) -> None:
        for hear in list(self.on_lease):
            hear(lease)


@cache
def bell() -> Bell:
    return Bell()
