"""What the rooms keep of a customer: each says here how it is handed out and how it goes.

A person may have been several customers before they proved who they are; parts are asked for all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.db.models import Model

from kefu.accounts.people.customers import Customer

Customers = Sequence[Customer]


@dataclass(frozen=True)
class KeptFile:
    """A file to hand out: its name in the archive, and how to read it. Opening may raise FileNotFoundError."""

    name: str
    open: Callable[[], IO[bytes]]


@dataclass
class Extract:
    """What is handed out. `own` and `files` are the person's; what staff wrote and put ready for each other lies apart.

    Values are what JSON knows.
    """

    own: dict[str, Any] = field(default_factory=dict)
    internal: dict[str, Any] = field(default_factory=dict)
    files: list[KeptFile] = field(default_factory=list)
    internal_files: list[KeptFile] = field(default_factory=list)


@dataclass(frozen=True)
class PrivacyPart:
    """`models` are those whose rows it answers for.

    `erase` runs in the transaction that erases the person. What it gives back runs after the commit, for what no transaction
    holds: bytes on a disk.
    """

    models: tuple[type[Model], ...]
    export: Callable[[Customers, Extract], None]
    erase: Callable[[Customers], Iterable[Callable[[], None]]]


_parts: dict[str, PrivacyPart] = {}


def register(room: str, part: PrivacyPart) -> None:
    _parts[room] = part


def parts() -> dict[str, PrivacyPart]:
    """By room, the highest first: rows that hang on others' go before them."""
    return dict(_parts)
