"""Who did something: a kind and an id, known to every room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    id: int | None = None

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        return f"{self.kind}:{self.id}" if self.id is not None else str(self.kind)


SYSTEM = Actor(ActorKind.SYSTEM)


def customer_actor(customer_id: int) -> Actor:
    return Actor(ActorKind.CUSTOMER, customer_id)


def agent_actor(agent_id: int) -> Actor:
    return Actor(ActorKind.AGENT, agent_id)
