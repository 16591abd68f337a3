"""Who is on a socket. The rooms above say how credentials become a person; the transport only keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from kefu.journal.actor import Actor, ActorKind


@dataclass(frozen=True)
class Person:
    """An actor with the name that colleagues see and the object that the policy is asked with."""

    actor: Actor
    name: str
    viewer: Any

    @property
    def kind(self) -> Literal["customer", "agent"]:
        return "agent" if self.actor.kind is ActorKind.AGENT else "customer"

    @property
    def id(self) -> int:
        return self.actor.id or 0


@dataclass(frozen=True)
class Credentials:
    """What a socket brought to say who is on it: its cookies, or in place of them the token of its hello."""

    cookies: Mapping[str, str]
    token: str | None = None
    host: str = ""
    address: str = ""

    def with_token(self, token: str) -> Credentials:
        return replace(self, cookies={}, token=token)


# Given the credentials and the first topic that they want to hear, or nothing: a browser may be two people, each with topics
# of their own. Synchronous, may ask the database. None: not signed in.
Identify = Callable[[Credentials, str], Person | None]
_identify: dict[str, Identify] = {}


def register(kind: str, identify: Identify) -> None:
    """Say how a "customer" or an "agent" is known by what they bring."""
    _identify[kind] = identify


def identify(kind: str, credentials: Credentials, topic: str = "") -> Person | None:
    return _identify[kind](credentials, topic)
