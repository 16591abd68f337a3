from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kefu.background.housekeeping import HOUSEKEEPING
from kefu.safety import retention
from kefu.safety.limits import Limit, take
from kefu.safety.models import Counter
from kefu.safety.retention import KEPT, DataKind, NotAllRemoved, register, registered, retain_all
from kefu.safety.tasks import SCHEDULE, empty_log, retain

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def own_table(monkeypatch):
    monkeypatch.setattr(retention, "_removers", {})


def test_each_kind_of_data_has_a_room_that_removes_it():
    assert registered() == set(DataKind) == set(KEPT)


def test_what_is_kept_can_not_be_changed_in_passing():
    with pytest.raises(TypeError):
        KEPT[DataKind.LIMIT_COUNTER] = None


def test_a_room_hears_from_when_on_its_data_is_too_old(own_table):
    heard = []
    register(DataKind.CUSTOMER_SESSION, lambda before: heard.append(before) or 4)

    assert retain_all(AT) == {DataKind.CUSTOMER_SESSION: 4}
    assert heard == [AT - timedelta(days=30)]


def test_one_kind_that_can_not_go_does_not_keep_the_others(own_table):
    removed = []
    register(DataKind.CUSTOMER_SESSION, lambda _before: 1 // 0)
    register(DataKind.LIMIT_COUNTER, lambda before: removed.append(before) or 1)

    with pytest.raises(NotAllRemoved) as problem:
        retain_all(AT)

    assert problem.value.kinds == [DataKind.CUSTOMER_SESSION]
    assert isinstance(problem.value.__cause__, ZeroDivisionError)
    assert len(removed) == 1


@pytest.mark.django_db
def test_the_nightly_task_removes_old_counters():
    with time_machine.travel(AT, tick=False) as clock:
        take(Limit("test", 3, timedelta(hours=1)), "a")
        clock.shift(timedelta(days=3))

        retain.call()

    assert not Counter.objects.exists()
    assert [job.task for job in SCHEDULE] == [retain, empty_log]


def test_nightly_work_is_done_at_night_in_shanghai():
    turns = [job.latest_turn(AT).astimezone(ZoneInfo("Asia/Shanghai")) for job in (*HOUSEKEEPING, *SCHEDULE)]

    assert [f"{turn:%H:%M}" for turn in turns] == ["03:20", "03:40", "03:50"]
