from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from kefu.accounts.models import Agent, Team
from kefu.conversations.models import Topic
from kefu.conversations.tests.factories import House, make_house
from kefu.realtime.models import Presence
from kefu.safety.models import OfficialWay
from kefu.waiting.hours import Span
from kefu.waiting.models import DatedOverride, WeeklyHours
from kefu.waiting.state import chat_hours, chat_state, hours_of, states_to_come, zone_of

pytestmark = pytest.mark.django_db

NINE, NINE_AT_NIGHT = 9 * 60, 21 * 60
# 23 November 2026 is a Monday.
MONDAY_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)


def keep_office_hours(team: Team) -> None:
    WeeklyHours.objects.bulk_create(
        [WeeklyHours(team=team, weekday=day, opens=NINE, closes=NINE_AT_NIGHT) for day in range(5)]
    )


def be_there(agent: Agent) -> None:
    agent.availability = "available"
    agent.save(update_fields=["availability"])
    Presence.objects.create(agent_id=agent.pk, until=now() + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY_NOON, tick=True):
        yield


@pytest.fixture
def house() -> House:
    house = make_house()
    keep_office_hours(house.team)
    return house


def test_the_chat_is_open_within_hours_when_somebody_is_there(house: House) -> None:
    be_there(house.mei)

    state = chat_state(house.brand, MONDAY_NOON)

    assert (state.kind, state.zone) == ("open", "Asia/Shanghai")
    assert state.closes_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert state.next_opening is None


def test_within_hours_with_nobody_there_it_is_unstaffed(house: House) -> None:
    assert chat_state(house.brand, MONDAY_NOON).kind == "unstaffed"


def test_an_agent_of_another_team_does_not_make_it_staffed(house: House) -> None:
    be_there(house.stranger)

    assert chat_state(house.brand, MONDAY_NOON).kind == "unstaffed"


def test_outside_hours_it_is_closed_and_says_when_it_opens(house: House) -> None:
    be_there(house.mei)

    state = chat_state(house.brand, SATURDAY_NOON)

    assert (state.kind, state.closes_at) == ("closed", None)
    assert state.next_opening == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_a_team_whose_hours_nobody_set_is_closed_without_a_next_opening() -> None:
    state = chat_state(make_house().brand, MONDAY_NOON)

    assert (state.kind, state.next_opening, state.closes_at) == ("closed", None, None)


def test_the_latest_team_closes_the_chat_and_the_earliest_opens_it(house: House) -> None:
    late = Team.objects.create(brand=house.brand, key="late", name="晚班")
    Topic.objects.create(brand=house.brand, team=late, key="late", names={"en": "Late"})
    WeeklyHours.objects.create(team=late, weekday=0, opens=12 * 60, closes=26 * 60)

    assert chat_state(house.brand, MONDAY_NOON).closes_at == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    night = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert chat_state(house.brand, night).next_opening == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def keep_shift(house: House, key: str, *, opens: int, closes: int) -> Team:
    team = Team.objects.create(brand=house.brand, key=key, name="班")
    Topic.objects.create(brand=house.brand, team=team, key=key, names={"en": key})
    for day in range(7):
        WeeklyHours.objects.create(team=team, weekday=day, opens=opens, closes=closes)
    return team


def test_a_shift_that_follows_without_a_gap_keeps_the_chat_open(house: House) -> None:
    be_there(house.mei)
    evening = keep_shift(house, "evening", opens=NINE_AT_NIGHT, closes=23 * 60)

    state = chat_state(house.brand, MONDAY_NOON)
    assert (state.kind, state.closes_at) == ("open", datetime(2026, 11, 23, 15, 0, tzinfo=UTC))

    DatedOverride.objects.create(team=evening, on=date(2026, 11, 23), kind="closed")
    assert chat_state(house.brand, MONDAY_NOON).closes_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_three_shifts_round_the_clock_never_close() -> None:
    house = make_house()
    for number in range(3):
        keep_shift(house, f"shift-{number}", opens=number * 480, closes=(number + 1) * 480)

    for hour in range(24):
        assert chat_state(house.brand, MONDAY_NOON + timedelta(hours=hour)).closes_at is None


def test_a_team_that_no_topic_names_does_not_open_the_chat(house: House) -> None:
    idle = Team.objects.create(brand=house.brand, key="idle", name="Idle")
    WeeklyHours.objects.create(team=idle, weekday=5, opens=0, closes=1440)

    assert chat_state(house.brand, SATURDAY_NOON).kind == "closed"


def test_another_brand_has_its_own_hours(house: House) -> None:
    other = make_house("other", "QT")

    assert chat_state(other.brand, MONDAY_NOON).kind == "closed"


def test_a_dated_override_is_read_with_the_week(house: House) -> None:
    DatedOverride.objects.create(
        team=house.team, on=date(2026, 11, 28), kind="instead", intervals=[[600, 1080]]
    )

    assert hours_of(house.team).is_open(SATURDAY_NOON)


def test_spans_of_all_teams_are_joined(house: House) -> None:
    late = Team.objects.create(brand=house.brand, key="late", name="晚班")
    Topic.objects.create(brand=house.brand, team=late, key="late", names={"en": "Late"})
    WeeklyHours.objects.create(team=late, weekday=0, opens=NINE_AT_NIGHT, closes=22 * 60)

    spans = chat_hours(house.brand).spans(MONDAY_NOON, days=1)

    assert spans == [
        Span(MONDAY_NOON, datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),
        Span(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)),
    ]


def test_teams_in_several_zones_are_shown_in_the_brand_zone(house: House) -> None:
    away = Team(brand=house.brand, zone="Europe/London")

    assert zone_of(house.brand, [away]) == "Europe/London"
    assert zone_of(house.brand, [away, house.team]) == house.brand.zone


def make_phone(house: House, *week: list[int]) -> OfficialWay:
    return OfficialWay(brand=house.brand, kind="phone", value="+44 20 7946 0142", week=list(week))


def test_a_way_without_hours_of_its_own_keeps_the_desks(house: House) -> None:
    hours = chat_hours(house.brand).of_way(make_phone(house))

    assert hours.is_open(MONDAY_NOON)
    assert hours.closes_at(MONDAY_NOON) == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert hours.next_opening(SATURDAY_NOON) == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_a_ways_own_hours_are_in_the_brands_zone_whatever_the_teams_is(house: House) -> None:
    Team.objects.update(zone="Europe/London")

    hours = chat_hours(house.brand).of_way(make_phone(house, [0, 540, 720], [5, 600, 780]))

    assert not hours.is_open(MONDAY_NOON)
    assert hours.is_open(MONDAY_NOON - timedelta(minutes=1))
    assert hours.closes_at(SATURDAY_NOON) == datetime(2026, 11, 28, 5, 0, tzinfo=UTC)


def test_on_a_holiday_of_every_team_a_way_is_closed_too(house: House) -> None:
    phone = make_phone(house, [0, 540, 1260])
    late = Team.objects.create(brand=house.brand, key="late", name="晚班")
    Topic.objects.create(brand=house.brand, team=late, key="late", names={"en": "Late"})

    DatedOverride.objects.create(team=house.team, on=date(2026, 11, 23), kind="closed")
    assert chat_hours(house.brand).of_way(phone).is_open(MONDAY_NOON)
    DatedOverride.objects.create(team=late, on=date(2026, 11, 23), kind="closed")
    assert not chat_hours(house.brand).of_way(phone).is_open(MONDAY_NOON)


def test_more_teams_cost_no_more_questions_than_one_each(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        team = Team.objects.create(brand=house.brand, key=f"team-{number}", name="组")
        Topic.objects.create(brand=house.brand, team=team, key=f"topic-{number}", names={})

    with django_assert_max_num_queries(5):
        chat_state(house.brand, MONDAY_NOON)


@pytest.mark.parametrize(("at", "closing"), [(MONDAY_NOON, (23, 13)), (SATURDAY_NOON, None)])
def test_each_state_can_be_looked_at_beforehand_with_its_true_moments(
    house: House, at: datetime, closing: tuple[int, int] | None
) -> None:
    states = states_to_come(house.brand, at)

    closes_at = datetime(2026, 11, *closing, tzinfo=UTC) if closing else None
    assert (states["open"].closes_at, states["unstaffed"].closes_at) == (closes_at, closes_at)
    opens_at = datetime(2026, 11, 24 if closing else 30, 1, tzinfo=UTC)
    assert states["closed"].next_opening == opens_at


def test_hours_without_an_end_know_no_next_opening_beforehand(house: House) -> None:
    WeeklyHours.objects.all().delete()
    for day in range(7):
        WeeklyHours.objects.create(team=house.team, weekday=day, opens=0, closes=1440)

    assert states_to_come(house.brand, MONDAY_NOON)["closed"].next_opening is None
