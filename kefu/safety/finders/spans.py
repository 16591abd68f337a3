from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from kefu.safety.finders.folding import Folded


class SecretKind(StrEnum):
    MNEMONIC = "mnemonic"
    PRIVATE_KEY = "private_key"
    EXTENDED_KEY = "extended_key"
    PEM = "pem"
    KEYSTORE = "keystore"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a kind, not a password


@dataclass(frozen=True)
class Span:
    """A secret's place in the folded text."""

    start: int
    end: int
    kind: SecretKind


def has_any(low: str, parts: tuple[str, ...]) -> bool:
    """A look at the text for each, which costs less than one look for all of them by a pattern."""
    for part in parts:  # noqa: SIM110 - a generator would cost more than all the looks
        if part in low:
            return True
    return False


# Each rule takes time in proportion to the text's length, and next to none where a look says that there is nothing.
Rule = Callable[[Folded], Iterable[Span]]
