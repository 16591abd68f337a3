"""Who is on a socket. The rooms above say how cookies become a person; the transport only keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kefu.journal.actor import Actor


@dataclass(frozen=True)
class Person:
    """An actor with the name that colleagues see and the object that the policy is asked with."""

    actor: Actor
    name: str
    viewer: Any

    @property
    def kind(self) -> str:
        return self.actor.kind.value

    @property
    def id(self) -> int:
        return self.actor.id or 0


# Given the cookies and the first topic that they want to hear, or nothing: a browser may be two people, each with topics of
# their own. Synchronous, may ask the database. None: not signed in.
Identify = Callable[[Mapping[str, str], str], Person | None]
_identify: dict[str, Identify] = {}


def register(kind: str, identify: Identify) -> None:
    """Say how a "customer" or an "agent" is known by their cookies."""
    _identify[kind] = identify


def identify(kind: str, cookies: Mapping[str, str], topic: str = "") -> Person | None:
    return _identify[kind](cookies, topic)
