from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kefu.accounts.models import Agent, Role
from kefu.accounts.policy import Refused
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.journal.models import Entry
from kefu.waiting.actions import add_override, remove_override, set_week
from kefu.waiting.hours import BadInterval, Interval, Kind, Override
from kefu.waiting.models import DatedOverride, HoursRevision, WeeklyHours, check_intervals
from kefu.waiting.state import hours_of

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = Interval(540, 720), Interval(780, 1080)
HOLIDAY = date(2026, 10, 1)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def lead(house: House) -> Agent:
    return make_agent(house.team, "周启明", Role.SUPERVISOR)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_week_with_several_intervals_a_day_is_kept_as_said(house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [AFTERNOON, MORNING], 4: [Interval(1320, 1560)]}, by=lead)

    week = hours_of(house.team).week
    assert week == ((MORNING, AFTERNOON), (), (), (), (Interval(1320, 1560),), (), ())


def test_a_new_week_replaces_the_old_and_remembers_both(house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [MORNING]}, by=lead)
    set_week(team=house.team, week={1: [MORNING]}, by=lead)

    revision = HoursRevision.objects.first()
    assert revision is not None
    assert (revision.before, revision.after, revision.actor_id) == ([[0, 540, 720]], [[1, 540, 720]], lead.pk)
    entry = Entry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.kind, entry.subject_id, entry.payload) == (
        "waiting.week_set",
        revision.pk,
        {"team_id": house.team.pk},
    )
    assert entry.actor == lead.actor


def test_saying_the_same_week_twice_is_no_change(house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [MORNING]}, by=lead)
    set_week(team=house.team, week={0: [MORNING]}, by=lead)

    assert kinds() == ["waiting.week_set"]


def test_intervals_of_a_day_may_not_overlap(house: House, lead: Agent) -> None:
    with pytest.raises(BadInterval):
        set_week(team=house.team, week={0: [MORNING, Interval(700, 800)]}, by=lead)

    assert not WeeklyHours.objects.exists()


def test_a_date_is_closed_and_opened_again(house: House, lead: Agent) -> None:
    notes = {"zh-hans": "国庆节", "en": "National Day"}
    override = add_override(team=house.team, on=HOLIDAY, kind=Kind.CLOSED, by=lead, notes=notes)
    assert hours_of(house.team).zone.key == "Asia/Shanghai"
    assert (override.override, override.note_in("en"), override.note_in("zh-hant")) == (
        Override(HOLIDAY, Kind.CLOSED),
        "National Day",
        "",
    )

    remove_override(override=override, by=lead)
    remove_override(override=override, by=lead)

    assert not DatedOverride.objects.exists()
    assert kinds() == ["waiting.override_added", "waiting.override_removed"]


def test_the_last_word_about_a_date_holds(house: House, lead: Agent) -> None:
    add_override(team=house.team, on=HOLIDAY, kind=Kind.CLOSED, by=lead)
    add_override(team=house.team, on=HOLIDAY, kind=Kind.EXTRA, intervals=[MORNING], by=lead)

    assert [row.override for row in DatedOverride.objects.all()] == [
        Override(HOLIDAY, Kind.EXTRA, (MORNING,))
    ]
    revision = HoursRevision.objects.first()
    assert revision is not None
    assert revision.before["kind"] == "closed"


@pytest.mark.parametrize(
    ("kind", "intervals"), [(Kind.CLOSED, [MORNING]), (Kind.INSTEAD, []), (Kind.EXTRA, [])]
)
def test_a_closed_day_has_no_hours_and_another_kind_has_some(
    house: House, lead: Agent, kind: Kind, intervals: list[Interval]
) -> None:
    with pytest.raises(BadInterval):
        add_override(team=house.team, on=HOLIDAY, kind=kind, intervals=intervals, by=lead)


def test_mallory_changes_no_hours(house: House, lead: Agent) -> None:
    override = add_override(team=house.team, on=HOLIDAY, kind=Kind.CLOSED, by=lead)
    other = make_house("other", "QT")
    mallories = [
        house.mei,
        make_agent(house.team, "Auditor", Role.AUDITOR),
        make_agent(other.team, "Mallory", Role.SUPERVISOR),
    ]

    for mallory in mallories:
        with pytest.raises(Refused):
            set_week(team=house.team, week={}, by=mallory)
        with pytest.raises(Refused):
            add_override(team=house.team, on=HOLIDAY, kind=Kind.CLOSED, by=mallory)
        with pytest.raises(Refused):
            remove_override(override=override, by=mallory)
    assert kinds() == ["waiting.override_added"]


@pytest.mark.parametrize(
    "fields", [{"weekday": 7}, {"opens": 1440, "closes": 1500}, {"closes": 540}, {"closes": 2881}]
)
def test_the_database_refuses_an_interval_that_makes_no_sense(house: House, fields: dict[str, int]) -> None:
    sound = {"weekday": 0, "opens": 540, "closes": 720}

    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyHours.objects.create(team=house.team, **(sound | fields))


@pytest.mark.parametrize("value", [[[540]], [["a", "b"]], [[720, 540]], 7, [None]])
def test_only_pairs_of_minutes_are_intervals_of_a_date(value: object) -> None:
    with pytest.raises(ValidationError):
        check_intervals(value)
