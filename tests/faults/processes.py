"""Which process of a product does what, as the system tells it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.faults.people import Line
from tests.product import Product

PROC = Path("/proc")
ESTABLISHED = "01"
WEB, WORKER = "kefu.config.running.web", "kefu.config.running.worker"
only_where_sockets_have_owners = pytest.mark.skipif(
    not (PROC / "net/tcp").exists(), reason="only where the system tells whose a socket is"
)


def owner_of(line: Line) -> int:
    """The web process that holds the other end of this line's socket."""
    return owners_of([line])[0]


def owners_of(lines: Sequence[Line]) -> list[int]:
    """Those of many, in the same order; the system is looked through once."""
    product = lines[0].person.product
    open_in = {pid: _open_in(pid) for pid in processes(product, WEB)}
    inodes = _inodes(product.port)
    owners = []
    for line in lines:
        assert line.socket is not None
        ends = {f"socket:[{inode}]" for inode in inodes.get(line.socket.local_address[1], ())}
        [owner] = [pid for pid, held in open_in.items() if ends & held]
        owners.append(owner)
    return owners


@contextlib.contextmanager
def only(pid: int, product: Product) -> Iterator[None]:
    """The other web processes stand still: whoever comes meanwhile comes to this one, which the kernel does not promise."""
    others = set(processes(product, WEB)) - {pid}
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


def serving(product: Product) -> list[int]:
    """The web processes that hold somebody's connection: they have come up."""
    held = {f"socket:[{inode}]" for inodes in _inodes(product.port).values() for inode in inodes}
    return [pid for pid in processes(product, WEB) if held & _open_in(pid)]


def processes(product: Product, module: str) -> list[int]:
    """The living processes of this product's group that run a module."""
    assert product.process is not None
    return [
        pid
        for pid in _pids()
        if _group_of(pid) == product.process.pid and module in _read(PROC / str(pid) / "cmdline")
    ]


def _pids() -> list[int]:
    return [int(place.name) for place in PROC.iterdir() if place.name.isdigit()]


def _group_of(pid: int) -> int:
    # The name of the program, in brackets, may hold anything; state, parent and group follow it.
    after_name = _read(PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(after_name[2]) if after_name and after_name[0] != "Z" else 0


def _inodes(here: int) -> dict[int, list[str]]:
    """The open connections of a port, by the port at their other end; the columns are those of proc(5)."""
    found: dict[int, list[str]] = {}
    for name in ("tcp", "tcp6"):
        for line in _read(PROC / "net" / name).splitlines()[1:]:
            columns = line.split()
            if columns[3] == ESTABLISHED and _port(columns[1]) == here:
                found.setdefault(_port(columns[2]), []).append(columns[9])
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _open_in(pid: int) -> set[str]:
    found = set()
    # It may end while we look, or close a file, which says nothing of the others.
    with contextlib.suppress(OSError):
        for link in (PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
