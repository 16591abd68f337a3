"""One end of the way over Unix sockets at a time: what it says, what it leaves, and how long it waits."""

from __future__ import annotations

import os
import re
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kefu.journal.rings import sockets
from kefu.journal.rings.bell import Bell
from kefu.journal.rings.sockets import LARGEST_FRAME, Datagrams, folder_for, prepare
from kefu.journal.rings.transport import APART, TransportLost
from kefu.journal.tests.facts import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_for(tmp_path)


@contextmanager
def hearing(way: Datagrams) -> Iterator[tuple[list[bytes], list[int]]]:
    """What it takes, and how often it opened; until the test ends."""
    heard: list[bytes] = []
    opened: list[int] = []
    stopping = threading.Event()

    def hear() -> None:
        way.hear(heard.append, on_open=lambda: opened.append(1), stopping=stopping)

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    try:
        wait_until(lambda: len(opened) == 1)
        yield heard, opened
    finally:
        stopping.set()
        way.stop_hearing()
        thread.join(5)
        assert not thread.is_alive()


@contextmanager
def a_peer(folder: Path, name: str = "9.peer.sock") -> Iterator[socket.socket]:
    """Somebody else's ear, which reads only when the test does."""
    prepare(folder)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        peer.bind(str(folder / name))
        peer.settimeout(2)
        yield peer


def test_the_largest_frame_passes_and_wakes_are_not_heard(folder):
    ear, sender = Datagrams(folder), Datagrams(folder)
    with hearing(ear) as (heard, _):
        ear.stop_hearing()
        sender.send(b"x" * sender.largest)

        wait_until(lambda: len(heard) == 1)
        assert len(heard[0]) == 256 * 1024
    sender.close()


def test_it_does_not_send_to_itself(folder):
    ear = Datagrams(folder)
    with hearing(ear) as (heard, _), a_peer(folder) as peer:
        ear.send(b"ring")
        assert peer.recv(100) == b"ring"
        other = Datagrams(folder)
        other.send(b"from another")

        wait_until(lambda: len(heard) > 0)
        assert heard == [b"from another"]
        other.close()
    ear.close()


def test_nobody_there_is_no_error_and_other_files_are_left_alone(folder):
    sender = Datagrams(folder)
    sender.send(b"ring")
    prepare(folder)
    (folder / "note.txt").write_text("not an ear")

    sender.send(b"ring")

    assert (folder / "note.txt").exists()
    sender.close()


def test_a_folder_that_cannot_be_read_is_a_lost_way(tmp_path):
    (tmp_path / "rings").write_text("a file")

    with pytest.raises(TransportLost, match="NotADirectoryError"):
        Datagrams(tmp_path / "rings").send(b"ring")
    with pytest.raises(TransportLost, match="FileExistsError"):
        Datagrams(tmp_path / "rings").hear(lambda _: None, on_open=lambda: None, stopping=threading.Event())


def test_one_that_cannot_be_reached_is_written_down_and_the_others_are(folder, caplog):
    prepare(folder)
    # Its path is longer than a socket's may be.
    (folder / f"0.{'x' * 120}.sock").touch()
    with a_peer(folder) as peer:
        sender = Datagrams(folder)

        sender.send(b"ring")

        assert peer.recv(100) == b"ring"
    assert [record.message for record in caplog.records] == ["ring_not_sent"]
    sender.close()


class Refusing:
    """A sending socket whose peers have all been killed."""

    def sendto(self, _: bytes, __: str) -> None:
        raise ConnectionRefusedError


def test_what_a_killed_process_left_may_be_removed_by_two_at_once(folder):
    sender = Datagrams(folder)
    sender._out = Refusing()

    assert sender._reaches(str(folder / "9.removed.sock"), b"ring")


def fill(sender: Datagrams, *, times: int = 600) -> None:
    for _ in range(times):
        sender.send(b"ring")


def test_one_that_is_slow_is_given_a_moment_and_gets_the_frame(folder, monkeypatch):
    with a_peer(folder) as slow:
        filler, sender = Datagrams(folder), Datagrams(folder)
        fill(filler)
        monkeypatch.setattr(sockets.time, "sleep", lambda _: drained(slow))

        sender.send(b"late")

        got = b""
        while frame := drained(slow):
            got = frame
        assert got == b"late"
        sender.close()
        filler.close()


def drained(peer: socket.socket) -> bytes:
    peer.setblocking(False)
    try:
        return peer.recv(100)
    except BlockingIOError:
        return b""


def test_one_that_stays_full_is_waited_for_once(folder, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(sockets.time, "sleep", pauses.append)
    with a_peer(folder) as stuck:
        sender = Datagrams(folder)
        fill(sender)
        assert pauses == [0.005]

        while drained(stuck):
            pass
        fill(sender)

        assert pauses == [0.005] * 2
        sender.close()


def test_what_it_leaves_open_is_closed(folder):
    with a_peer(folder) as peer:
        sender = Datagrams(folder)
        sender.send(b"ring")
        out = sender._out
        assert out is not None

        sender.close()
        sender.close()

        assert out.fileno() == -1
        sender.send(b"again")
        assert [peer.recv(100), peer.recv(100)] == [b"ring", b"again"]
        sender.close()


def test_an_ear_has_its_process_in_its_name_and_leaves_no_file(folder):
    ear = Datagrams(folder)
    assert ear.path is None
    with hearing(ear):
        (path,) = folder.iterdir()
        assert path == ear.path
        assert re.fullmatch(rf"{os.getpid()}\.[0-9a-f]{{16}}\.sock", path.name)
        assert len(path.name) <= sockets.LONGEST_NAME

    assert list(folder.iterdir()) == []
    assert ear.path is None


def test_an_ear_that_hears_nothing_opens_only_when_its_file_is_gone(folder, monkeypatch):
    monkeypatch.setattr(sockets, "LOOKS_AFTER", 0.02)
    ear = Datagrams(folder)
    with hearing(ear) as (_, opened):
        time.sleep(0.2)
        assert len(opened) == 1

        next(folder.iterdir()).unlink()

        wait_until(lambda: len(opened) == 2)


class Silent:
    """A socket to which nobody says anything."""

    def settimeout(self, seconds: float) -> None:
        self.seconds = seconds

    def recv(self, _: int) -> bytes:
        raise TimeoutError


def test_an_ear_looks_after_its_file_each_five_seconds(tmp_path):
    silent = Silent()

    sockets._take_all(silent, tmp_path / "gone.sock", lambda _: None, threading.Event())

    assert silent.seconds == 5


def test_the_folder_is_in_the_data_folder_as_long_as_a_socket_fits():
    # With a name of thirty a socket's path has a hundred bytes.
    fits, does_not = Path("/" + "d" * 63), Path("/" + "d" * 64)

    assert folder_for(fits) == fits / "rings"
    assert folder_for(does_not) != does_not / "rings"
    # A temporary folder is for all users and may be deep, so the name tells whose it is and is short.
    assert re.fullmatch(rf"kefu-{os.getuid()}-[0-9a-f]{{16}}", folder_for(does_not).name)
    # Together with a name and its end it is no longer than the shortest limit that we know, on macOS.
    assert len(str(fits / "rings")) + sockets.LONGEST_NAME < 104


def test_the_folder_is_made_for_this_user_only_with_what_is_above_it(tmp_path):
    old = os.umask(0)
    try:
        prepare(tmp_path / "new" / "rings")
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "new" / "rings").stat().st_mode) == 0o700
    prepare(tmp_path / "new" / "rings")


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_a_new_folder_is_never_open_to_others_not_even_for_a_moment(tmp_path, monkeypatch, mask):
    monkeypatch.setattr(Path, "chmod", lambda *_: pytest.fail("it was made too open"))
    old = os.umask(mask)
    try:
        prepare(tmp_path / "rings")
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "rings").stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o701, 0o702, 0o704, 0o710, 0o720, 0o740])
def test_a_folder_that_somebody_else_may_use_a_little_is_closed(tmp_path, mode):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(mode)

    prepare(tmp_path / "open")

    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)

    with pytest.raises(TransportLost, match="somebody else"):
        prepare(tmp_path)


def test_a_frame_takes_as_much_room_as_the_largest(folder):
    with a_peer(folder):
        sender = Datagrams(folder)
        sender.send(b"ring")
        assert sender._out is not None
        # The system may give more than was asked for, never less.
        assert sender._out.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= LARGEST_FRAME
        sender.close()


def test_of_many_rings_few_are_sent_and_the_last_one_soon(folder):
    with hearing(Datagrams(folder)) as (heard, _):
        bell = Bell(Datagrams(folder))
        began_at = time.monotonic()
        while time.monotonic() < began_at + 0.2:
            bell.ring()
            time.sleep(0.0005)
        wait_until(lambda: not bell._is_rung)
        seconds = time.monotonic() - began_at

        bell.close()
        # Some are between two; the first and the last come without.
        assert len(heard) <= seconds / APART + 2
        assert seconds < 1
