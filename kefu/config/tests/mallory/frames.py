"""Frames that a client sends, the verb that each asks for, and everybody who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import TEAM, TEAM_READS, THEIRS
from kefu.config.tests.mallory.world import World
from kefu.conversations.tests.factories import make_client_id

# Those that ask for nothing and change nothing.
WITHOUT_A_VERB = {"unwatch": "ends only what one hears", "ping": "is answered by pong"}


@dataclass(frozen=True)
class Said:
    """`topic` is heard first, as pages do; a `silent` frame is answered by nothing, whether it does something or not."""

    verb: May
    kind: str
    opens_for: frozenset[str]
    topic: Callable[[World], str]
    fields: Callable[[World], dict[str, Any]]
    silent: bool = False
    changes: bool = False

    def __str__(self) -> str:
        return f"{self.verb}: {self.kind}"

    def frame(self, world: World) -> dict[str, Any]:
        return {"type": self.kind} | self.fields(world)


def of_customer(world: World) -> str:
    return f"conversation:{world.case.ref}/customer"


def of_staff(world: World) -> str:
    return f"conversation:{world.case.ref}/staff"


def of_desk(world: World) -> str:
    return f"desk/{world.house.team.pk}"


def ref(world: World) -> dict[str, Any]:
    return {"ref": world.case.ref}


def words(world: World) -> dict[str, Any]:
    return ref(world) | {"client_id": make_client_id(), "text": "在吗"}


def reply(world: World) -> dict[str, Any]:
    world.case.refresh_from_db()
    return words(world) | {"visibility": "customer", "spoken_seq": world.case.spoken_seq}


def note(world: World) -> dict[str, Any]:
    return words(world) | {"visibility": "staff"}


def seen(world: World) -> dict[str, Any]:
    return ref(world) | {"delivered": 2, "seen": 2}


def said(verb: May, kind: str, opens_for: set[str], topic: Any, fields: Any, **more: bool) -> Said:
    return Said(verb, kind, frozenset(opens_for), topic, fields, **more)


def hearing(topic: Callable[[World], str]) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"topic": topic(world)}


HEARS = {of_customer: THEIRS, of_staff: TEAM_READS, of_desk: TEAM_READS}
FRAMES = (
    said(May.READ_CONVERSATION, "watch", THEIRS, of_customer, hearing(of_customer)),
    said(May.READ_CONVERSATION, "watch", TEAM_READS, of_staff, hearing(of_staff)),
    said(May.READ_CONVERSATION, "looking", TEAM_READS, of_staff, ref),
    said(May.USE_DESK, "watch", TEAM_READS, of_desk, hearing(of_desk)),
    said(May.SAY, "seen", THEIRS, of_customer, seen, silent=True, changes=True),
    said(May.SAY, "typing", THEIRS, of_customer, ref),
    said(May.SAY, "say", THEIRS, of_customer, words, changes=True),
    said(May.REPLY, "seen", TEAM, of_staff, seen, silent=True, changes=True),
    said(May.REPLY, "typing", TEAM, of_staff, ref),
    said(May.REPLY, "say", TEAM, of_staff, reply, changes=True),
    said(May.NOTE, "say", TEAM, of_staff, note, changes=True),
)
