"""`kefu serve` from outside: its refusals, its ends, its deaths, its second start."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from kefu.config.running import stamp
from kefu.config.running.choices import CHECKOUT, KEYS, Choices, choose
from kefu.config.running.supervisor import AGAIN_AFTER
from kefu.config.tests.serving import Served, environ, served
from kefu.config.tests.waiting import is_alive, until

pytestmark = pytest.mark.process

# A second start may take this many times what Django alone takes, in the same run.
MOST_TIMES = 4.0
WEBSITE = re.compile(r"^Exchange:   (\S+)", re.MULTILINE)
LINK = re.compile(r"http://localhost:\d+/staff/\S+")


@dataclass(frozen=True)
class FirstStart:
    """What the first start in a folder said, and how it and its first link answered."""

    data: Path
    said: str
    address: str
    statuses: tuple[int, int]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """The one first start with the demo, for all that follow."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    with served(data) as running:
        with urlopen(LINK.findall(running.said)[0], timeout=10) as page:  # noqa: S310 - our own address
            statuses = (running.answers(), page.status)
        return FirstStart(data, running.said, running.address, statuses)


@pytest.fixture
def data(first: FirstStart, tmp_path: Path) -> Path:
    """A folder of the test's own after its first start."""
    return Path(shutil.copytree(first.data, tmp_path / "data"))


@dataclass(frozen=True)
class Shared:
    data: Path
    kefu: Served


@pytest.fixture(scope="module")
def shared(first: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A Kefu that runs for all who leave it running."""
    data = Path(shutil.copytree(first.data, tmp_path_factory.mktemp("shared") / "data"))
    with served(data) as one:
        yield Shared(data, one)


def refusal(data: Path, *flags: str, **more: str) -> str:
    """The one sentence with which a start is refused."""
    said = words_of_a_refused_start(data, *flags, **more)
    sentences = [line for line in said.splitlines() if not line.startswith(("{", "Preparing"))]
    assert len(sentences) == 1, said
    return sentences[0]


def words_of_a_refused_start(data: Path, *flags: str, **more: str) -> str:
    refused = Served(data, *flags, **more)
    code = refused.process.wait(60)
    refused.end()
    assert code == 1, refused.said
    return refused.said


def test_the_first_start_fills_the_demo_and_prints_addresses_links_and_ready(first: FirstStart) -> None:
    port = first.address.rsplit(":", 1)[1]

    assert "Filling the demo exchange." in first.said
    assert f"Customers:  http://localhost:{port}/" in first.said
    assert f"Agents:     http://localhost:{port}/desk/" in first.said
    # The worker's first line of the log may come at any moment.
    printed = [line for line in first.said.splitlines() if not line.startswith("{")]
    assert printed[-1] == f"Kefu is ready on http://localhost:{port}"
    assert first.statuses == (200, 200)
    assert (first.data / "keys").stat().st_mode & 0o077 == 0


def test_an_empty_start_shows_the_way_to_the_first_agent(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--empty") as running:
        assert "bin/kefu agent add" in running.said
        assert "Filling" not in running.said
        assert "Exchange:" not in running.said
        assert len(running.children()) == 2
    # All that a process for sockets only must have of it.
    assert {key.name for key in (tmp_path / "data" / "keys").iterdir()} == set(KEYS)


def test_sigterm_and_ctrl_c_end_everything_with_code_0(data: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with served(data) as running:
            pids = running.children()

            assert running.end(number) == 0
            assert len(pids) == 3
            assert not any(is_alive(pid) for pid in pids)
        assert (data / "kefu.pid").read_text() == ""


class AtTheFrontDoor(Served):
    program = (str(CHECKOUT / "bin" / "kefu"),)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_terminal_that_closes_reach_the_whole_group_which_ends_with_code_0(
    data: Path, number: signal.Signals
) -> None:
    running = AtTheFrontDoor(data, "--port", "0").wait_until_ready()
    pids = running.children()

    assert running.end_as_from_the_terminal(number) == 0
    assert len(pids) == 3
    assert not any(is_alive(pid) for pid in pids)
    assert "Traceback" not in running.said
    # The web process came to its own end.
    assert "sockets_handed_over" in running.said
    assert (data / "kefu.pid").read_text() == ""


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.3])
def test_ctrl_c_ends_quietly_whatever_the_children_are_reading(data: Path, seconds: float) -> None:
    starting = Served(data, "--port", "0")
    until(starting.children)
    at = time.monotonic() + seconds
    until(lambda: time.monotonic() > at)

    assert starting.end_as_from_the_terminal(signal.SIGINT) == 0
    assert "Traceback" not in starting.said


def address_of(running: Served) -> tuple[str, int]:
    place = urlsplit(running.address)
    return place.hostname or "", place.port or 0


def listens(running: Served) -> bool:
    try:
        socket.create_connection(address_of(running)).close()
    except ConnectionRefusedError:
        return False
    return True


def test_asked_again_it_ends_at_once_though_somebody_is_still_served(data: Path) -> None:
    with served(data) as running, socket.create_connection(address_of(running)) as slow:
        slow.sendall(b"POST /zh-hans/chat/open/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        running.process.send_signal(signal.SIGINT)
        # Both the supervisor and the web process know of it, and count from there.
        until(lambda: not listens(running))
        began = time.monotonic()
        until(lambda: time.monotonic() - began > AGAIN_AFTER)

        assert running.end(signal.SIGINT) == 0
        # Whoever is served has ten seconds else.
        assert time.monotonic() - began < 7


def test_a_start_that_is_asked_to_end_meanwhile_ends_with_code_0(tmp_path: Path) -> None:
    starting = Served(tmp_path / "data", "--port", "0", "--empty")
    until(lambda: "Preparing" in starting.said, within=30)

    assert starting.end() == 0
    with served(tmp_path / "data", "--empty") as running:
        assert running.answers() == 200


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_is_killed_is_started_again(shared: Shared, name: str) -> None:
    killed = shared.kefu.child(name)
    os.kill(killed, signal.SIGKILL)

    until(lambda: shared.kefu.child(name) not in {0, killed})
    assert shared.kefu.answers() == 200


def test_the_demo_exchanges_website_is_watched_and_keeps_its_address(shared: Shared) -> None:
    address = WEBSITE.findall(shared.kefu.said)[0]
    assert website_answers(address)
    killed = shared.kefu.child("exchange")
    os.kill(killed, signal.SIGKILL)

    until(lambda: shared.kefu.child("exchange") not in {0, killed})
    assert website_answers(address)


def website_answers(address: str) -> bool:
    """The kernel holds the question until the website is up again."""
    with urlopen(address, timeout=60) as page:  # noqa: S310 - our own address
        return b"Exchange" in page.read()


def test_the_other_web_process_answers_while_one_is_away(data: Path) -> None:
    with served(data, "--web", "2") as running:
        assert len(running.children()) == 4
        away = running.child("web")
        os.kill(away, signal.SIGSTOP)
        try:
            # It is not dead, so nobody takes its place: all of these answers are the other one's.
            assert [running.answers() for _ in range(5)] == [200] * 5
            assert away in running.children()
        finally:
            os.kill(away, signal.SIGCONT)


def test_a_web_process_may_open_as_many_files_as_the_system_lets_it(data: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # As in many a shell.
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    try:
        with served(data) as running:
            limits = Path(f"/proc/{running.child('web')}/limits").read_text()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    soft, hard = re.findall(r"^Max open files +(\d+) +(\d+)", limits, re.MULTILINE)[0]
    assert int(soft) == int(hard) > 1024


def test_whichever_web_process_is_asked_tells_the_figures_of_all(data: Path) -> None:
    with served(data, "--web", "2") as running:
        found: set[str] = set()
        while found != {"web-0", "web-1"}:
            with urlopen(f"{running.address}/metrics", timeout=10) as page:  # noqa: S310 - our own address
                found = set(
                    re.findall(
                        r'^kefu_sockets\{process="([^"]+)"\} 0\.0$', page.read().decode(), re.MULTILINE
                    )
                )


def test_after_the_supervisor_is_killed_its_children_end_and_the_next_start_serves(data: Path) -> None:
    port = free_port()
    first = Served(data, "--port", str(port)).wait_until_ready()
    children = first.children()
    first.process.kill()
    first.process.wait()

    second = Served(data, "--port", str(port)).wait_until_ready()

    assert second.answers() == 200
    until(lambda: not any(is_alive(pid) for pid in children))
    assert second.end() == 0
    first.end()


def test_after_everything_is_killed_the_next_start_serves(data: Path) -> None:
    with served(data) as first:
        first.kill_all()
    with served(data) as second:
        assert second.answers() == 200
        assert second.answers("/") == 200


def test_a_database_that_is_gone_is_prepared_again(data: Path) -> None:
    """The stamp says prepared, the database says otherwise: the database is believed."""
    for name in ("kefu.sqlite3", "kefu.sqlite3-wal", "kefu.sqlite3-shm"):
        (data / name).unlink(missing_ok=True)
    (data / "kefu.sqlite3").touch()

    with served(data) as running:
        assert "Preparing" in running.said
        assert running.answers("/") == 200


@pytest.mark.timed
def test_a_second_start_is_ready_within_four_bare_set_ups(data: Path) -> None:
    assert stamp.read(data) is not None
    starts, set_ups = [], []
    for _ in range(3):
        set_ups.append(seconds_of_set_up(data))
        began = time.monotonic()
        with served(data) as running:
            starts.append(time.monotonic() - began)
            assert "Preparing" not in running.said

    ratio = min(starts) / min(set_ups)
    assert ratio <= MOST_TIMES, f"second start {min(starts):.2f} s, bare set-up {min(set_ups):.2f} s"


def seconds_of_set_up(data: Path) -> float:
    settings = {"DJANGO_SETTINGS_MODULE": "kefu.config.settings", "KEFU_DATA": str(data)}
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"], env=environ(**settings), check=True
    )
    return time.monotonic() - began


def test_a_taken_port_is_refused(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        assert refusal(data, "--port", str(port)).startswith(f"Port {port} is taken")


def test_a_folder_in_use_is_refused(shared: Shared) -> None:
    sentence = refusal(shared.data, "--port", "0")

    running = f"Kefu is already running on {shared.data} (process {shared.kefu.process.pid})"
    assert sentence.startswith(running)
    assert shared.kefu.answers() == 200


def test_a_folder_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "can't write in" in refusal(tmp_path / "file" / "data")


@pytest.mark.parametrize(
    ("flags", "more", "words"),
    [
        ((), {"KEFU_PROT": "1"}, "KEFU_PROT is not a setting"),
        ((), {"DATABASE_URL": "mysql://localhost/kefu"}, "must start with postgres://"),
        (("--host", "0.0.0.0"), {}, "plain HTTP"),
        (("--host", "192.0.2.1"), {"KEFU_INSECURE_HTTP": "1"}, "not an address of this machine"),
    ],
)
def test_a_choice_that_cannot_work_is_refused(
    tmp_path: Path, flags: tuple[str, ...], more: dict[str, str], words: str
) -> None:
    assert words in refusal(tmp_path / "data", *flags, **more)


def test_a_database_that_is_down_is_refused_on_the_first_start_and_on_a_later_one(
    data: Path, tmp_path: Path
) -> None:
    down = f"postgres://kefu:open%20sesame@127.0.0.1:{free_port()}/kefu"
    mark_as_prepared(data, DATABASE_URL=down)

    first = words_of_a_refused_start(tmp_path / "fresh", "--port", "0", DATABASE_URL=down)
    later = words_of_a_refused_start(data, "--port", "0", DATABASE_URL=down)

    assert "Preparing" in first
    assert "Preparing" not in later
    for said in (first, later):
        assert said.count("check that PostgreSQL runs") == 1
        assert "sesame" not in said


def test_redis_that_is_down_is_refused(data: Path) -> None:
    assert "Redis does not answer" in refusal(
        data, "--port", "0", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"
    )


def mark_as_prepared(data: Path, **more: str) -> None:
    """Let the stamp say that the folder's first start was one with these settings."""
    found = stamp.read(data)
    assert found is not None
    stamp.write(data, replace(found, fingerprint=stamp.fingerprint(chosen(data, **more))))


def chosen(data: Path, **more: str) -> Choices:
    return choose(Namespace(data=str(data)), environ(**more))[0]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
