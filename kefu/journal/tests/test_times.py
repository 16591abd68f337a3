"""Where in the journal a moment is, though ids may be missing and moments may be the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry
from kefu.journal.times import first_id_since, last_id_before

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
OVERLAP = timedelta(seconds=10)
JUST = timedelta(microseconds=1)
# Ids with their seconds after noon; those between were given up.
SECONDS = {1: 0, 2: 30, 3: 30, 6: 60, 7: 90, 12: 120, 13: 120}
MOMENTS = [NOON + timedelta(seconds=seconds) for seconds in (-60, *set(SECONDS.values()), 200)]


@pytest.fixture
def _entries() -> None:
    for number, seconds in SECONDS.items():
        record_at(number, NOON + timedelta(seconds=seconds))


def record_at(number: int, at: datetime) -> None:
    Entry.objects.create(pk=number, recorded_at=at, kind="journal.tested", actor_kind=ActorKind.SYSTEM)


@pytest.mark.usefixtures("_entries")
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("aside", [-JUST, JUST * 0, JUST])
def test_a_moment_begins_ten_seconds_early_and_ends_ten_seconds_late(
    moment: datetime, aside: timedelta
) -> None:
    at = moment + aside

    since, before = first_id_since(at + OVERLAP), last_id_before(at - OVERLAP)

    entries = Entry.objects.order_by("pk")
    assert list(entries.filter(pk__gte=since)) == list(entries.filter(recorded_at__gte=at))
    assert list(entries.filter(pk__lte=before)) == list(entries.filter(recorded_at__lt=at))


def test_a_journal_without_entries_begins_with_the_first() -> None:
    assert (first_id_since(NOON), last_id_before(NOON)) == (1, 0)


def test_some_look_ups_find_a_moment_among_many_entries() -> None:
    Entry.objects.bulk_create(
        Entry(recorded_at=NOON + timedelta(minutes=place), kind="journal.tested", actor_kind="system")
        for place in range(1000)
    )
    first = Entry.objects.order_by("pk")[0].pk

    with CaptureQueriesContext(connection) as asked:
        assert first_id_since(NOON + timedelta(minutes=700)) == first + 700

    # One for the newest id, and one for each halving; on PostgreSQL ids go on where earlier tests left them.
    assert len(asked) <= 1 + (first + 1000).bit_length()
