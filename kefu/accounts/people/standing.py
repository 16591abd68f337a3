"""Where an agent stands now: still here, in which role, in which teams. What the policy goes by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A team and the brand that it belongs to; either alone opens nothing."""

    brand_id: int
    team_id: int


@dataclass(frozen=True)
class Standing:
    is_active: bool
    role: str
    knowledge: str
    places: frozenset[Place]
    read_at: float


NOBODY = Standing(is_active=False, role="", knowledge="", places=frozenset(), read_at=0.0)
# A socket keeps its agent for hours, so what it knows about them is read again after this many seconds.
TRUSTED_FOR = 5.0
