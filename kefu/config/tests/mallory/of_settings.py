"""Doors of settings: for who leads a team, who is an admin, and who reads the journal."""

from __future__ import annotations

from typing import Any

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import ADMIN, LEADERS, TEAM_SETS, form, page
from kefu.config.tests.mallory.world import ADDED_WAY, MARK, SOON, World

SEEN = {"seen": "999999999"}


def of(**values: Any) -> Any:
    return lambda _world: SEEN | values


def team_text(_world: World) -> dict[str, str]:
    return SEEN | {"name": "新名", "zone": "Asia/Tokyo", "key": "night"}


def topic_text(world: World) -> dict[str, Any]:
    return SEEN | {"key": "third", "team": world.house.team.pk, "icon": "wallet", "name-zh-hans": "改过的"}


def member_text(world: World) -> dict[str, Any]:
    return SEEN | {"role": "agent", "teams": [world.house.team.pk]}


def invited(world: World) -> dict[str, Any]:
    brand = world.house.brand.pk
    said = {"email": "more@staff.example", "name": "又一位", "role": "agent", "language": "en"}
    return said | {"brand": brand, "teams": [world.house.team.pk]}


def brand_text(world: World) -> dict[str, Any]:
    said = {
        "name": "改过的星海",
        "hue": "20",
        "first": "en",
        "languages": ["en", "zh-hans"],
        "zone": "Asia/Tokyo",
    }
    return SEEN | said | {"brand": world.house.brand.pk, "origins": "https://www.other.example"}


TEAM_DOORS = (
    page(May.CHANGE_SETTINGS, "settings:index", LEADERS, unasked=frozenset(LEADERS - {"lead"})),
    page(May.CHANGE_SETTINGS, "settings:teams", TEAM_SETS, shows=MARK, quiet=True),
    page(May.CHANGE_SETTINGS, "settings:team_new", ADMIN),
    form(May.CHANGE_SETTINGS, "settings:team_new", ADMIN, of=team_text),
    page(May.CHANGE_SETTINGS, "settings:team", TEAM_SETS, "house.team.pk", shows=MARK),
    form(May.CHANGE_SETTINGS, "settings:team", TEAM_SETS, "house.team.pk", of=team_text),
    page(May.CHANGE_SETTINGS, "settings:team_history", TEAM_SETS, "house.team.pk", shows=MARK),
    form(
        May.CHANGE_SETTINGS,
        "settings:team_put_back",
        TEAM_SETS,
        "house.team.pk",
        "team_revision.pk",
        of=of(),
    ),
    page(May.CHANGE_SETTINGS, "hours:teams", ADMIN, shows=MARK, quiet=True),
    page(May.CHANGE_SETTINGS, "hours:team", TEAM_SETS, "house.team.pk", shows=SOON.isoformat()),
    form(
        May.CHANGE_SETTINGS,
        "hours:team",
        TEAM_SETS,
        "house.team.pk",
        of=of(**{"opens-1": "09:00", "closes-1": "18:00"}),
    ),
    form(May.CHANGE_SETTINGS, "hours:preview", TEAM_SETS, "house.team.pk", changes=False),
    form(
        May.CHANGE_SETTINGS,
        "hours:dates",
        TEAM_SETS,
        "house.team.pk",
        of=of(
            on=SOON.replace(day=1).isoformat() if SOON.day > 27 else SOON.replace(day=28).isoformat(),
            kind="closed",
        ),
    ),
    form(May.CHANGE_SETTINGS, "hours:date_end", TEAM_SETS, "house.team.pk", "override.pk", of=of()),
    page(May.CHANGE_SETTINGS, "hours:history", TEAM_SETS, "house.team.pk", shows=MARK),
    form(May.CHANGE_SETTINGS, "hours:put_back", TEAM_SETS, "house.team.pk", "hours_revision.pk", of=of()),
    page(May.CHANGE_SETTINGS, "topics:topics", TEAM_SETS, shows="第二", quiet=True),
    page(May.CHANGE_SETTINGS, "topics:new", TEAM_SETS, quiet=True),
    form(May.CHANGE_SETTINGS, "topics:new", TEAM_SETS, of=topic_text, quiet=True),
    page(May.CHANGE_SETTINGS, "topics:topic", TEAM_SETS, "house.topic.pk"),
    form(May.CHANGE_SETTINGS, "topics:topic", TEAM_SETS, "house.topic.pk", of=topic_text),
    form(May.CHANGE_SETTINGS, "topics:choosable", TEAM_SETS, "second_topic.pk", of=of(choosable="no")),
    form(May.CHANGE_SETTINGS, "topics:moved", ADMIN, "second_topic.pk", of=of(to="up")),
    page(May.CHANGE_SETTINGS, "topics:history", TEAM_SETS, shows="账户", quiet=True),
    form(May.CHANGE_SETTINGS, "topics:put_back", TEAM_SETS, "topic_revision.pk", of=of()),
)

BRAND_DOORS = (
    page(May.CHANGE_SETTINGS, "desk_settings:brand", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:brand", ADMIN, of=brand_text),
    page(May.CHANGE_SETTINGS, "desk_settings:brand_history", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:brand_put_back", ADMIN, "brand_revision.pk", of=of()),
    page(May.CHANGE_SETTINGS, "desk_settings:greetings", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:greetings", ADMIN, of=of(**{"open_text-en": "Good day."})),
    page(May.CHANGE_SETTINGS, "desk_settings:greetings_history", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:greetings_put_back", ADMIN, "greeting_revision.pk", of=of()),
    page(May.CHANGE_SETTINGS, "desk_settings:ways", ADMIN),
    page(May.CHANGE_SETTINGS, "desk_settings:way_new", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:way_new", ADMIN, of=of(**ADDED_WAY, compared="yes")),
    page(May.CHANGE_SETTINGS, "desk_settings:way", ADMIN, "way.pk"),
    form(May.CHANGE_SETTINGS, "desk_settings:way", ADMIN, "way.pk", of=of(**ADDED_WAY, compared="yes")),
    form(May.CHANGE_SETTINGS, "desk_settings:way_shown", ADMIN, "way.pk", of=of(shown="no")),
    form(May.CHANGE_SETTINGS, "desk_settings:way_moved", ADMIN, "way.pk", of=of(to="up")),
    page(May.CHANGE_SETTINGS, "desk_settings:way_end", ADMIN, "way.pk"),
    form(May.CHANGE_SETTINGS, "desk_settings:way_end", ADMIN, "way.pk", of=of()),
    page(May.CHANGE_SETTINGS, "desk_settings:ways_history", ADMIN),
    form(May.CHANGE_SETTINGS, "desk_settings:way_put_back", ADMIN, "way_revision.pk", of=of()),
    page(
        May.READ_JOURNAL,
        "desk_settings:journal",
        {"supervisor", "admin", "auditor"},
        query=lambda w: {"ref": w.case.ref},
        shows=">{case.ref}</a>",
        quiet=True,
    ),
)

MEMBER_DOORS = (
    page(May.MANAGE_AGENTS, "settings:members", ADMIN, shows=MARK),
    page(May.MANAGE_AGENTS, "settings:invite", ADMIN),
    form(May.MANAGE_AGENTS, "settings:invite", ADMIN, of=invited),
    form(May.MANAGE_AGENTS, "settings:invitation_again", ADMIN, "invitation.pk"),
    form(May.MANAGE_AGENTS, "settings:invitation_withdrawn", ADMIN, "invitation.pk"),
    form(May.MANAGE_AGENTS, "settings:invitation_link", ADMIN, "invitation.pk", letters_leave=False),
    page(May.MANAGE_AGENTS, "settings:member", ADMIN, "colleague.pk", shows=MARK),
    form(May.MANAGE_AGENTS, "settings:member", ADMIN, "colleague.pk", of=member_text),
    page(May.MANAGE_AGENTS, "settings:member_history", ADMIN, "colleague.pk", shows=MARK),
    form(May.MANAGE_AGENTS, "settings:member_put_back", ADMIN, "colleague.pk", "agent_revision.pk", of=of()),
    page(May.MANAGE_AGENTS, "settings:member_danger", ADMIN, "colleague.pk", "danger", shows=MARK),
    form(May.MANAGE_AGENTS, "settings:member_danger", ADMIN, "colleague.pk", "danger"),
)
