"""Which process of a product does what, as the system tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.people import Line
from tests.product import Product

PROC = Path("/proc")
WEB, WORKER = "kefu.config.running.web", "kefu.config.running.worker"
only_where_sockets_have_owners = pytest.mark.skipif(
    not (PROC / "net/tcp").exists(), reason="only where the system tells whose a socket is"
)


def owner_of(line: Line) -> int:
    """The web process that holds the other end of this line's socket."""
    product = line.person.product
    assert line.socket is not None
    wanted = {f"socket:[{inode}]" for inode in _inodes(product.port, line.socket.local_address[1])}
    owners = [pid for pid in processes(product, WEB) if wanted & _open_in(pid)]
    assert len(owners) == 1, f"{len(owners)} processes hold one socket"
    return owners[0]


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


def _inodes(here: int, there: int) -> list[str]:
    """The sockets from one port to another; the columns are those of proc(5)."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in _read(PROC / "net" / name).splitlines()[1:]]
    return [line[9] for line in lines if (_port(line[1]), _port(line[2])) == (here, there)]


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _open_in(pid: int) -> set[str]:
    found = set()
    try:
        for link in (PROC / str(pid) / "fd").iterdir():
            found.add(str(link.readlink()))
    except OSError:
        # It has ended, or closed a file, while we looked.
        pass
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
