from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.config.running import serve
from kefu.config.running.children import Child, Part
from kefu.config.running.choices import choose
from kefu.config.running.listening import listen
from kefu.config.running.refusal import NOT_PREPARED, SAID_WHY, Refusal
from kefu.config.running.serve import NeedsPreparing, Serving
from kefu.config.running.supervisor import Supervisor

CHILD = Child(Part("web-0", "kefu.config.running.web"))


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    choices = replace(choose(Namespace(), {})[0], data=tmp_path, web=3)
    with Supervisor(os.environ) as supervisor, listen("127.0.0.1", 0) as listening:
        yield Serving(choices, supervisor, listening)


def test_one_worker_and_as_many_web_processes_as_chosen_share_one_socket(serving: Serving) -> None:
    worker, *webs = serving._parts(giving=9)

    assert worker.inherits == (9,)
    assert [web.name for web in webs] == ["web-0", "web-1", "web-2"]
    assert {web.inherits for web in webs} == {(serving.listening.fileno(),)}


def test_a_web_process_that_finds_another_database_has_it_prepared(serving: Serving) -> None:
    with pytest.raises(NeedsPreparing):
        serving._weigh(CHILD, NOT_PREPARED)


def test_a_child_that_said_why_is_not_explained_again(serving: Serving) -> None:
    with pytest.raises(Refusal) as caught:
        serving._weigh(CHILD, SAID_WHY)

    assert str(caught.value) == ""


def test_a_child_may_die_twice_before_kefu_is_ready_but_not_three_times(serving: Serving) -> None:
    serving._weigh(CHILD, 1)
    serving._weigh(CHILD, 1)

    with pytest.raises(Refusal, match="web-0 can't start"):
        serving._weigh(CHILD, 1)


def test_a_worker_that_starts_later_greets_nobody(serving: Serving) -> None:
    serving.supervisor.children = [Child(serving._parts(giving=9)[0])]

    serving._greet_no_more()

    assert serving.supervisor.children[0].part == serve.WORKER
    serving.supervisor.children = []


def test_the_greeting_is_what_the_worker_wrote(serving: Serving) -> None:
    receiving, giving = os.pipe()
    os.write(giving, b'{"guests": [], "has_agents": true}\n')
    serving.supervisor.watch(receiving, lambda: serving._take_greeting(receiving))

    serving.supervisor.wait(1)

    assert serving.greeting == {"guests": [], "has_agents": True}
    os.close(receiving)
    os.close(giving)


def test_a_folder_that_cannot_be_prepared_is_refused(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.supervisor, "run_once", lambda _: 1)

    with pytest.raises(Refusal, match="could not be prepared"):
        serving._prepare()
