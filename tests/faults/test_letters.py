"""The worker is killed over a letter: it is not lost, and what can be asked for again is in nobody's mailbox twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from kefu.mailroom.tests.sink import SILENT, Sink
from tests.faults.people import Customer
from tests.faults.processes import WORKER, only_where_sockets_have_owners, processes
from tests.product import Product

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
LETTER = """
from kefu.conversations.models import Conversation
from kefu.mailroom.actions import post_letter
from kefu.mailroom.kinds.staff_mail import keep
conversation = Conversation.objects.get()
post_letter(
    brand=conversation.brand,
    kind="{kind}",
    key="killed",
    language="zh-hans",
    recipient="lin.xiaomei@mail.example",
    customer=conversation.customer,
    conversation_id=conversation.pk,
    words=keep(subject="重设密码", text="请核对。"),
)
"""
TIME_PASSES = """
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from kefu.mailroom.models import Letter
Letter.objects.filter(untouched_until__isnull=False).update(untouched_until=now())
DBTaskResult.objects.filter(status="READY").update(run_after=now())
"""
# What becomes of each kind when the hour and everything else has passed, and how many copies the server took.
ENDS = {"staff_mail": (["unsure", "sent"], 2), "transcript": (["left_open"], 1)}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def product(started: Callable[..., Product], sink: Sink) -> Product:
    product = started(KEFU_SMTP=f"smtp://localhost:{sink.at.port}")
    Customer(product).ask("开始")
    return product


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def state_of_it(product: Product) -> str:
    with closing(database(product)) as rows:
        row = rows.execute("SELECT state FROM mailroom_letter WHERE key LIKE '%:killed'").fetchone()
    return str(row[0])


def database(product: Product) -> sqlite3.Connection:
    return sqlite3.connect(product.data / "kefu.sqlite3", timeout=30, isolation_level=None)


def kill_the_worker(product: Product) -> None:
    """And wait for the next one."""
    dead = processes(product, WORKER)
    for pid in dead:
        os.kill(pid, signal.SIGKILL)
    until(lambda: bool(set(processes(product, WORKER)) - set(dead)))


def see_how_it_ends(product: Product, sink: Sink, kind: str) -> None:
    states, copies = ENDS[kind]
    for state in states:
        # The dead worker's task is taken back first, and finds that the letter has to rest.
        until(lambda: is_taken_back(product))
        product.django(TIME_PASSES)
        until(lambda state=state: state_of_it(product) == state)
    assert len(sink.taken) == copies
    assert len({taken.message["Message-ID"] for taken in sink.taken}) == 1


def is_taken_back(product: Product) -> bool:
    with closing(database(product)) as rows:
        tasks = "SELECT status FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%send_letter'"
        return rows.execute(tasks).fetchall() == [("READY",)]


@pytest.mark.parametrize("kind", ENDS)
def test_killed_after_the_last_line_and_before_the_answer(product: Product, sink: Sink, kind: str) -> None:
    sink.manners.thinks_for = 600
    product.django(LETTER.format(kind=kind))
    until(lambda: "." in sink.heard)

    kill_the_worker(product)
    sink.pause.set()
    until(lambda: len(sink.taken) == 1)

    assert state_of_it(product) == "handing_over"
    see_how_it_ends(product, sink, kind)


@pytest.mark.parametrize("kind", ENDS)
def test_killed_after_the_answer_and_before_it_is_written_down(
    product: Product, sink: Sink, kind: str
) -> None:
    sink.manners.thinks_for = 600
    product.django(LETTER.format(kind=kind))
    until(lambda: "." in sink.heard)

    with closing(database(product)) as held:
        held.execute("BEGIN IMMEDIATE")
        sink.pause.set()
        # Whoever says good-bye has read the answer, and now waits to write.
        until(lambda: "QUIT" in sink.heard)
        for pid in processes(product, WORKER):
            os.kill(pid, signal.SIGKILL)
        held.execute("ROLLBACK")

    assert state_of_it(product) == "handing_over"
    see_how_it_ends(product, sink, kind)


def test_killed_before_the_last_line_it_goes_on_at_once_and_comes_once(product: Product, sink: Sink) -> None:
    sink.manners.rcpt = [SILENT]
    product.django(LETTER.format(kind="transcript"))
    until(lambda: "RCPT" in sink.heard)

    kill_the_worker(product)

    until(lambda: state_of_it(product) == "sent")
    assert len(sink.taken) == 1
