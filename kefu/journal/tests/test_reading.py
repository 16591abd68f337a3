"""One look at the journal: what is new, what turned up late, and the moment in which it was seen."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction

from kefu.journal.models import Entry
from kefu.journal.place import Gap, Place
from kefu.journal.reading import present_place, read
from kefu.journal.tests.facts import elsewhere, happen, only_postgresql

pytestmark = pytest.mark.django_db(transaction=True)


def ids(place: Place, *gaps: Gap, limit: int = 100) -> list[int]:
    return [entry.pk for entry in read(place, gaps=gaps, limit=limit).entries]


def test_what_is_new_comes_in_order_and_no_more_than_asked_for() -> None:
    before, *made = (happen().pk for _ in range(5))

    assert ids(Place(before)) == made
    assert ids(Place(before), limit=3) == made[:3]
    assert ids(Place(made[-1])) == []


def test_a_look_is_whole_if_it_could_have_had_more() -> None:
    place = present_place()
    for _ in range(3):
        happen()

    assert [read(place, gaps=(), limit=limit).is_whole for limit in (2, 3, 4)] == [False, False, True]


def test_a_look_knows_when_it_was() -> None:
    before = time.time()

    moment = read(Place(), gaps=(), limit=1).moment

    assert before <= moment.at <= time.time()
    assert (moment.horizon > 0, moment.ceiling > 0) == (connection.vendor == "postgresql",) * 2
    assert moment.horizon <= moment.ceiling


def test_an_entry_is_read_with_all_its_values() -> None:
    entry = happen(conversation_id=7, seq=1, subject_id=3)

    (got,) = read(Place(entry.pk - 1), gaps=(), limit=9).entries

    assert vars(got) | {"_state": None} == vars(Entry.objects.get(pk=entry.pk)) | {"_state": None}


def test_the_present_is_behind_the_last_entry() -> None:
    last = happen().pk

    assert present_place().cursor == last


@only_postgresql
def test_what_turned_up_in_a_gap_comes_first_and_counts_towards_the_limit() -> None:
    made = [happen().pk for _ in range(9)]
    gaps = [Gap(first, last, 1, 1.0) for first, last in ((made[1], made[2]), (made[4], made[4]))]
    place = Place(made[6], tuple(gaps))

    assert ids(place, *gaps) == [made[1], made[2], made[4], made[7], made[8]]
    assert ids(place, gaps[1]) == [made[4], made[7], made[8]]
    assert ids(place, *gaps, limit=4) == [made[1], made[2], made[4], made[7]]
    assert read(place, gaps=gaps, limit=5).is_whole is False


@only_postgresql
def test_ids_of_those_who_are_still_writing_are_gaps_of_the_present() -> None:
    before = happen().pk
    with elsewhere() as one, elsewhere() as other:
        first, second = one.record(), one.record()
        between = happen().pk
        third = other.record()
        last = happen().pk

        began, place = time.time(), present_place()

        assert (first, second, third) == (before + 1, before + 2, between + 1)
        assert place.cursor == last
        assert [(gap.first, gap.last) for gap in place.gaps][-2:] == [(first, second), (third, third)]
        assert len({gap.ceiling for gap in place.gaps}) == 1
        assert place.gaps[0].ceiling >= read(place, gaps=(), limit=1).moment.horizon
        assert all(began <= gap.seen_at <= time.time() for gap in place.gaps)


@only_postgresql
def test_who_began_to_write_is_looked_for_among_the_last_ten_thousand_ids_and_no_further() -> None:
    with elsewhere() as long_ago, elsewhere() as other:
        too_old, oldest = long_ago.record(), other.record()
        with transaction.atomic():
            Entry.objects.create(pk=oldest + 9_999, kind="journal.tested", actor_kind="system")

        gaps = present_place().gaps

        assert (gaps[0].first, oldest) == (oldest, too_old + 1)
        assert [gap.last for gap in gaps] == [oldest + 9_998]


@only_postgresql
def test_whoever_writes_with_the_newest_number_of_all_is_a_gap_of_the_present_too() -> None:
    with elsewhere() as one, elsewhere() as other:
        one.do(take_a_number)
        late = other.record()
        last = one.record()
        one.commit()

        place = present_place()

        assert place.cursor == last
        assert place.wants(late)


def take_a_number() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
