"""Doors of agents at work: the desk, what it asks for, and what it does."""

from __future__ import annotations

from typing import Any

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import DESK, TEAM, TEAM_READS, form, page, request
from kefu.config.tests.mallory.world import MARK, WORDS, World

ASKED = {"Accept": "application/json"}


def taken(world: World) -> dict[str, Any]:
    return {"agent": world.house.mei.pk}


def resolved(_world: World) -> dict[str, bool]:
    return {"resolved": True}


def opened_again(_world: World) -> dict[str, bool]:
    return {"resolved": False}


def draft_of(kind: str) -> Any:
    return lambda _world: {"kind": kind, "text": "我看一下"}


def busy(_world: World) -> dict[str, str]:
    return {"availability": "busy"}


def suggested(_world: World) -> dict[str, str]:
    return {"words": ""}


def number(world: World) -> dict[str, str]:
    return {"words": world.case.ref}


DESK_DOORS = (
    page(May.USE_DESK, "desk:home", DESK),
    page(May.USE_DESK, "desk:inbox", DESK, "view"),
    page(May.USE_DESK, "desk:rows", DESK, "view"),
    page(
        May.READ_CONVERSATION, "desk:inbox", TEAM_READS, "view", shows="{case.ref}", quiet=True, about="row"
    ),
    page(May.READ_CONVERSATION, "desk:rows", TEAM_READS, "view", shows="{case.ref}", quiet=True, about="row"),
    request(May.USE_DESK, "desk:found", DESK, of=number, changes=False),
    request(
        May.READ_CONVERSATION,
        "desk:found",
        TEAM_READS,
        of=number,
        shows="{case.ref}",
        quiet=True,
        about="row",
        changes=False,
    ),
    page(May.READ_CONVERSATION, "desk:open", TEAM_READS, "view", "case.ref", shows=WORDS),
    page(May.READ_CONVERSATION, "desk:conversation", TEAM_READS, "case.ref", shows=WORDS),
    page(
        May.READ_CONVERSATION,
        "desk:earlier",
        TEAM_READS,
        "case.ref",
        query=lambda _world: {"before": 9},
        shows=WORDS,
    ),
    page(May.READ_CONVERSATION, "desk:letters", TEAM_READS, "case.ref", shows="letters"),
    request(May.READ_STAFF_ARTICLES, "desk:articles", TEAM_READS, "case.ref", of=suggested, changes=False),
    page(May.READ_STAFF_ARTICLES, "desk:article", TEAM_READS, "case.ref", "shelf.staff_text.pk", shows=MARK),
    request(May.ASSIGN, "desk:assignee", TEAM, "case.ref", of=taken),
    request(May.RESOLVE, "desk:resolution", TEAM, "case.ref", of=resolved),
    request(May.REOPEN, "desk:resolution", TEAM, "done.ref", of=opened_again, about="done"),
    request(May.REPLY, "desk:draft", TEAM, "case.ref", of=draft_of("reply")),
    request(May.NOTE, "desk:draft", TEAM, "case.ref", of=draft_of("note"), about="note"),
    request(May.CHOOSE_AVAILABILITY, "desk:availability", DESK - {"auditor"}, of=busy),
)

PRIVACY_DOORS = (
    page(May.EXPORT_CUSTOMER, "desk_settings:privacy", {"admin"}),
    form(
        May.EXPORT_CUSTOMER,
        "desk_settings:privacy",
        {"admin"},
        of=lambda w: {"who": w.case.ref},
        changes=False,
    ),
    page(May.EXPORT_CUSTOMER, "desk_settings:person", {"admin"}, "customer.pk", shows="{case.ref}"),
    form(
        May.EXPORT_CUSTOMER, "desk_settings:person", {"admin"}, "customer.pk", of=lambda _w: {"do": "export"}
    ),
    form(
        May.ERASE_CUSTOMER,
        "desk_settings:person",
        {"admin"},
        "customer.pk",
        of=lambda w: {"do": "erase", "called": w.customer.name},
        about="erasing",
    ),
)
