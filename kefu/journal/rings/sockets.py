"""Between processes of one machine: who hears has a datagram socket in a folder, who sends sends to all.

There is no hub that could die. What `kill -9` leaves behind refuses its first datagram and is removed by
whoever sent it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kefu.journal.rings.transport import APART, Take, TransportLost

log = logging.getLogger("kefu.rings")

# The shortest limit of a socket's path among the systems we know is 104 bytes with its end.
LONGEST_PATH = 100
LONGEST_NAME = len("/4194304.0123456789abcdef.sock")
LARGEST_FRAME = 256 * 1024
# A file that somebody removed under us is put back after so many seconds.
LOOKS_AFTER = 5.0
FULL_FOR = 0.005


class Datagrams:
    """Datagram sockets in a folder that only this user may open."""

    apart = APART
    largest = LARGEST_FRAME

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path: Path | None = None
        self._out: socket.socket | None = None
        self._full: set[str] = set()

    def send(self, frame: bytes) -> None:
        full = {peer for peer in self._peers() if not self._reaches(peer, frame)}
        if full - self._full:
            # Once more for those that are slow to read. Who is still full has rings enough in front of it, and
            # is not waited for again: it may be stopped.
            time.sleep(FULL_FOR)
            full = {peer for peer in full if not self._reaches(peer, frame)}
        self._full = full

    def hear(self, take: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        try:
            self._hear(take, on_open, stopping)
        except OSError as problem:
            raise TransportLost(type(problem).__name__) from problem

    def stop_hearing(self) -> None:
        path = self.path
        if path is not None:
            with contextlib.suppress(OSError), _datagram_socket() as waker:
                waker.sendto(b"", str(path))

    def close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None

    def _hear(self, take: Take, on_open: Callable[[], None], stopping: threading.Event) -> None:
        prepare(self.folder)
        while not stopping.is_set():
            path = self.folder / f"{os.getpid()}.{secrets.token_hex(8)}.sock"
            with _datagram_socket() as ear:
                ear.bind(str(path))
                self.path = path
                try:
                    on_open()
                    _take_all(ear, path, take, stopping)
                finally:
                    self.path = None
                    path.unlink(missing_ok=True)

    def _peers(self) -> list[str]:
        own = self.path
        try:
            with os.scandir(self.folder) as found:
                return [
                    entry.path for entry in found if entry.name.endswith(".sock") and entry.path != str(own)
                ]
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise TransportLost(type(problem).__name__) from problem

    def _reaches(self, peer: str, frame: bytes) -> bool:
        """False if the peer is too full to take it now."""
        if self._out is None:
            self._out = _datagram_socket()
            self._out.setblocking(False)
        try:
            self._out.sendto(frame, peer)
        except BlockingIOError:
            return False
        except ConnectionRefusedError:
            Path(peer).unlink(missing_ok=True)
        except FileNotFoundError:
            pass
        except OSError as problem:
            log.warning("ring_not_sent", extra={"error": type(problem).__name__, "errno": problem.errno})
        return True


def _take_all(ear: socket.socket, path: Path, take: Take, stopping: threading.Event) -> None:
    """Until stopping, or until the socket's file is gone."""
    ear.settimeout(LOOKS_AFTER)
    while not stopping.is_set():
        try:
            frame = ear.recv(LARGEST_FRAME)
        except TimeoutError:
            if not path.exists():
                return
            continue
        if frame:
            take(frame)


def _datagram_socket() -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        made.setsockopt(socket.SOL_SOCKET, option, LARGEST_FRAME)
    return made


def folder_for(data: Path) -> Path:
    """`rings` in the data folder; when that path is too long for a socket, a temporary folder of our own."""
    folder = data / "rings"
    if len(os.fsencode(folder)) + LONGEST_NAME <= LONGEST_PATH:
        return folder
    mark = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kefu-{os.getuid()}-{mark}"


def prepare(folder: Path) -> None:
    """Make the folder, for this user only. Raises TransportLost if it is somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise TransportLost("the rings' folder belongs to somebody else")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
