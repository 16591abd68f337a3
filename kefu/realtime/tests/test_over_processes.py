"""Who types, who looks and who is there, told between processes over each way; a process that is killed is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kefu.journal.tests.children import Child
from kefu.journal.tests.facts import only_postgresql, wait_until
from kefu.journal.tests.hearers import a_redis, free_port
from kefu.realtime.presence import present_agents
from kefu.realtime.tests.a_desk import LOOKING_FOR

pytestmark = pytest.mark.django_db(transaction=True)
MEI, ANDY = (1, "林美"), (2, "Andy")


@contextmanager
def over_sockets(folder: Path) -> Iterator[dict[str, Any]]:
    yield {"settings": {"RINGS": "socket", "REDIS_URL": ""}, "data": str(folder)}


@contextmanager
def over_redis(folder: Path) -> Iterator[dict[str, Any]]:
    port = free_port()
    with a_redis(port, folder):
        yield {"settings": {"RINGS": "redis", "REDIS_URL": f"redis://127.0.0.1:{port}/0"}}


@contextmanager
def over_notify(_: Path) -> Iterator[dict[str, Any]]:
    yield {"settings": {"RINGS": "notify", "REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY}}


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(over_sockets, marks=pytest.mark.process),
        pytest.param(over_redis, marks=pytest.mark.process),
        pytest.param(over_notify, marks=only_postgresql),
    ],
)
def test_who_types_and_looks_is_seen_elsewhere_until_their_process_is_killed(way, tmp_path):
    with way(tmp_path) as options, a_desk(MEI, options) as mei, a_desk(ANDY, options) as andy:
        mei.tell("type")
        assert andy.hear() == "typing 林美"
        mei.tell("look")
        assert (mei.hear(), andy.hear()) == ("looking 林美", "looking 林美")
        # It is renewed, and nobody is told what they know.
        assert andy.hears_nothing(seconds=2 * LOOKING_FOR)

        mei.kill()

        assert andy.hear(seconds=LOOKING_FOR + 2) == "looking"


@pytest.mark.process
def test_who_leaves_is_forgotten_at_once_elsewhere(tmp_path):
    with over_sockets(tmp_path) as options, a_desk(MEI, options) as mei, a_desk(ANDY, options) as andy:
        mei.tell("look")
        assert andy.hear() == "looking 林美"
        mei.tell("leave")
        assert andy.hear(seconds=LOOKING_FOR / 2) == "looking"


@pytest.mark.process
def test_who_is_there_is_known_in_every_process_until_theirs_is_killed(tmp_path):
    with over_sockets(tmp_path) as options, a_desk(MEI, options) as mei, a_desk(ANDY, options):
        wait_until(lambda: present_agents() == {1, 2})

        mei.kill()

        wait_until(lambda: present_agents() == {2})


@contextmanager
def a_desk(agent: tuple[int, str], options: dict[str, Any]) -> Iterator[Child]:
    with Child("kefu.realtime.tests.a_desk", agent=agent, **options) as desk:
        assert desk.hear() == "ready"
        yield desk
