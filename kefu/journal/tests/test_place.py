from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import example, given, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kefu.journal.place import (
    ASKED_EVERY,
    FORGOTTEN_AFTER,
    KEPT_FOR,
    YOUNG_FOR,
    Gap,
    Moment,
    Place,
    gaps_as_json,
    gaps_from_json,
)
from tests.seeds import examples


def test_ids_that_were_skipped_are_a_gap_of_that_moment():
    place = Place(5).take(9, Moment(at=1.0, horizon=100, ceiling=103))

    assert place == Place(9, (Gap(6, 8, 103, 1.0),))


def test_the_next_id_leaves_no_gap_and_the_one_after_it_does():
    moment = Moment(at=1.0, horizon=100, ceiling=103)

    assert Place(5).take(6, moment) == Place(6)
    assert Place(5).take(7, moment) == Place(7, (Gap(6, 6, 103, 1.0),))


def test_what_was_taken_changes_nothing_when_it_comes_again():
    place = Place(9, (Gap(6, 8, 103, 1.0),))

    for ceiling in (0, 103):
        moment = Moment(at=2.0, horizon=100, ceiling=ceiling)
        assert [place.take(entry_id, moment) for entry_id in (3, 4, 5, 9)] == [place] * 4
    assert [entry_id for entry_id in range(12) if place.wants(entry_id)] == [6, 7, 8, 10, 11]
    assert Place() == Place(0)


def test_a_late_id_at_an_end_shortens_its_gap():
    place = Place(9, (Gap(6, 8, 103, 1.0),))
    moment = Moment(at=2.0, horizon=100, ceiling=110)

    assert place.take(6, moment) == Place(9, (Gap(7, 8, 103, 1.0),))
    assert place.take(8, moment) == Place(9, (Gap(6, 7, 103, 1.0),))
    assert place.take_all([6, 7, 8], moment) == Place(9)


@example([8, 11], 103, Place(9, (Gap(6, 8, 100, 0.5),)))
@example([9, 11], 103, Place(9, (Gap(6, 8, 100, 0.5),)))
@given(
    strategies.sets(strategies.integers(1, 14), min_size=1).map(sorted),
    strategies.sampled_from([0, 103]),
    strategies.sampled_from([Place(5), Place(9, (Gap(6, 8, 100, 0.5),))]),
)
def test_many_at_once_come_to_the_same_as_one_after_the_other(
    entry_ids: list[int], ceiling: int, place: Place
) -> None:
    moment = Moment(at=1.0, horizon=100, ceiling=ceiling)
    one_by_one = place
    for entry_id in entry_ids:
        one_by_one = one_by_one.take(entry_id, moment)

    assert place.take_all(entry_ids, moment) == one_by_one
    assert place.take_all([], moment) == place


def test_one_gap_may_be_over_before_another():
    over, young = Gap(1, 1, 103, 1.0), Gap(3, 3, 110, 1.0)

    assert Place(9, (over, young)).settle(Moment(at=60.0, horizon=105, ceiling=120)) == Place(9, (young,))


def test_a_late_id_splits_its_gap():
    place = Place(9, (Gap(6, 8, 103, 1.0),)).take(7, Moment(at=2.0, horizon=100, ceiling=110))

    assert place == Place(9, (Gap(6, 6, 103, 1.0), Gap(8, 8, 103, 1.0)))
    assert place.wants(6)
    assert not place.wants(7)


def test_a_gap_is_kept_until_every_transaction_of_its_moment_has_ended():
    place = Place(9, (Gap(6, 8, 103, 1.0),))

    assert place.settle(Moment(at=60.0, horizon=102, ceiling=110)) == place
    assert place.settle(Moment(at=60.0, horizon=103, ceiling=110)) == Place(9)


def test_a_gap_outlives_the_horizon_for_a_moment():
    place = Place(9, (Gap(6, 8, 103, 1000.0),))

    assert place.settle(Moment(at=1000.0 + KEPT_FOR / 2, horizon=200, ceiling=200)) == place
    assert place.settle(Moment(at=1000.0 + KEPT_FOR, horizon=200, ceiling=200)) == Place(9)


def test_a_gap_from_before_a_restored_backup_is_forgotten_after_a_day():
    place = Place(9, (Gap(6, 8, 999_999, 1.0),))

    assert place.settle(Moment(at=1.0 + FORGOTTEN_AFTER, horizon=5, ceiling=5)) == place
    assert place.settle(Moment(at=2.0 + FORGOTTEN_AFTER, horizon=5, ceiling=5)) == Place(9)


def test_where_ids_are_seen_in_order_nothing_is_missing():
    assert Place(5).take(9, Moment(at=1.0)) == Place(9)


def test_old_gaps_are_asked_for_once_a_second_and_young_ones_always():
    old, young = Gap(1, 1, 5, seen_at=100.0), Gap(3, 3, 5, seen_at=100.0 + ASKED_EVERY)
    place = Place(9, (old, young))
    at = old.seen_at + YOUNG_FOR

    assert place.to_ask(asked_at=at - ASKED_EVERY / 2, at=at) == (young,)
    assert place.to_ask(asked_at=at - ASKED_EVERY, at=at) == (old, young)


def test_a_gap_is_young_for_ten_seconds_kept_for_five_asked_for_each_second_and_forgotten_after_a_day():
    gap = Gap(1, 1, 5, seen_at=100.0)
    place = Place(9, (gap,))

    assert [place.to_ask(asked_at=at, at=at) for at in (109.9, 110.0)] == [(gap,), ()]
    assert [place.to_ask(asked_at=120.0, at=at) for at in (120.9, 121.0)] == [(), (gap,)]
    assert [place.settle(Moment(at, horizon=5, ceiling=5)) for at in (104.9, 105.0)] == [place, Place(9)]
    assert [place.settle(Moment(at, horizon=4)) for at in (86_500.0, 86_500.1)] == [place, Place(9)]


def test_without_a_snapshot_nothing_is_under_way():
    assert Moment(at=1.0) == Moment(at=1.0, horizon=0, ceiling=0)


def test_gaps_survive_being_stored():
    gaps = (Gap(1, 4, 5, 100.123456), Gap(9, 9, 7, 101.5))

    assert gaps_from_json(gaps_as_json(gaps)) == gaps


@dataclass
class Transaction:
    number: int
    ids: list[int] = field(default_factory=list)


class Database(RuleBasedStateMachine):
    """PostgreSQL as the reader sees it: numbers and ids in the order asked, commits in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.next_number = 100
        self.next_id = 1
        self.running: list[Transaction] = []
        self.committed: set[int] = set()
        self.place = Place()
        self.delivered: list[int] = []
        self.asked_at = 0.0
        self.clock = 1_000.0

    # With more at a time most would only ever begin.
    @precondition(lambda self: len(self.running) < 3)
    @rule(many=strategies.integers(0, 2))
    def begin(self, many: int) -> None:
        self.running.append(Transaction(self.next_number))
        self.next_number += 1
        self._record(self.running[-1], many)

    @precondition(lambda self: self.running)
    @rule(data=strategies.data(), many=strategies.integers(1, 2))
    def record(self, data: strategies.DataObject, many: int) -> None:
        self._record(data.draw(strategies.sampled_from(self.running)), many)

    def _record(self, writer: Transaction, many: int) -> None:
        writer.ids += range(self.next_id, self.next_id + many)
        self.next_id += many

    @precondition(lambda self: self.running)
    @rule(data=strategies.data(), is_kept=strategies.booleans())
    def end(self, data: strategies.DataObject, is_kept: bool) -> None:
        ended = data.draw(strategies.sampled_from(self.running))
        self.running.remove(ended)
        if is_kept:
            self.committed.update(ended.ids)

    @rule(limit=strategies.integers(1, 5), seconds=strategies.sampled_from([0.01, 0.5, 1.0, 20.0]))
    def look(self, limit: int, seconds: float) -> None:
        self.clock += seconds
        is_full = self._round(limit)
        while is_full:
            is_full = self._round(limit)
        is_all_asked = self.asked_at == self.clock
        young = {n for gap in self.place.gaps if self.clock - gap.seen_at < YOUNG_FOR for n in _ids(gap)}
        late = self.committed - set(self.delivered)
        assert not late & young, "what is young is delivered at once"
        assert not any(entry_id > self.place.cursor for entry_id in late), "what is new is delivered at once"
        assert not (late and is_all_asked), "what is old is delivered when asked for"

    def _round(self, limit: int) -> bool:
        gaps = self.place.to_ask(asked_at=self.asked_at, at=self.clock)
        is_asking_all = len(gaps) == len(self.place.gaps)
        horizon = min((each.number for each in self.running), default=self.next_number)
        moment = Moment(at=self.clock, horizon=horizon, ceiling=self.next_number)
        asked = {entry_id for gap in gaps for entry_id in _ids(gap)}
        seen = sorted(n for n in self.committed if n > self.place.cursor or n in asked)[:limit]
        self.delivered += seen
        self.place = self.place.take_all(seen, moment)
        if is_asking_all and len(seen) < limit:
            self.asked_at = self.clock
            self.place = self.place.settle(moment)
        return len(seen) == limit

    @invariant()
    def nothing_is_delivered_twice_or_lost(self) -> None:
        assert len(set(self.delivered)) == len(self.delivered)
        missing = self.committed - set(self.delivered)
        assert all(self.place.wants(entry_id) for entry_id in missing)

    def teardown(self) -> None:
        for each in self.running:
            self.committed.update(each.ids)
        self.running.clear()
        for _ in range(3):
            self.look(5, KEPT_FOR + 1)
        assert set(self.delivered) == self.committed
        assert not self.place.gaps, "what never came is forgotten in the end"


def _ids(gap: Gap) -> range:
    return range(gap.first, gap.last + 1)


TestDatabase = Database.TestCase
TestDatabase.settings = settings(max_examples=examples(150), stateful_step_count=40)
