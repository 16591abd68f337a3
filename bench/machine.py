"""What the system tells of processes, and where they run: cores, CPU time, memory, descriptors."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat behind the program's name, counted from the state; see proc(5).
GROUP, USER_TIME, SYSTEM_TIME = 2, 11, 12
IN_MEMORY = {"tmpfs", "ramfs", "devtmpfs"}


class NotMeasurable(RuntimeError):
    """This machine can't run the bench; the message is one sentence that says what it lacks."""


@dataclass(frozen=True)
class Cores:
    """Where the server under test runs, and where the load does; the same one where there is only one."""

    server: int
    load: int


def cores() -> Cores:
    if not (hasattr(os, "sched_getaffinity") and (PROC / "self/stat").exists()):
        raise NotMeasurable("The bench reads /proc and pins processes to cores, so it runs on Linux only.")
    allowed = sorted(os.sched_getaffinity(0))
    return Cores(server=allowed[0], load=allowed[min(1, len(allowed) - 1)])


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, with the threads that it has already."""
    _allow(pid, {core})


def _allow(pid: int, allowed: set[int]) -> None:
    for task in (PROC / str(pid) / "task").iterdir():
        # A thread may end while we look.
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), allowed)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This process on one core, and only for now: what it starts later is free again."""
    before = os.sched_getaffinity(0)
    pin(os.getpid(), core)
    try:
        yield
    finally:
        _allow(os.getpid(), before)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes, all their threads; one that has ended counts as nothing."""
    return sum(_times(pid) for pid in pids)


def _times(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])) / TICKS if fields else 0.0


def waited_seconds() -> float:
    """How long this process's main thread was ready to run and had no core."""
    return int((PROC / "self/schedstat").read_text().split()[1]) / 1e9


def resident_kib(pid: int) -> int:
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def of_group(group: int, module: str) -> list[int]:
    """The living processes of a process group that run a module."""
    pids = [int(place.name) for place in PROC.iterdir() if place.name.isdigit()]
    return [pid for pid in pids if _is_of_group(pid, group) and module in _command(pid)]


def _is_of_group(pid: int, group: int) -> bool:
    fields = _stat(pid)
    return bool(fields) and fields[0] != "Z" and int(fields[GROUP]) == group


def _command(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    """What follows the program's name, which may hold anything; empty when the process has gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def load_average() -> float:
    return os.getloadavg()[0]


def allow_descriptors(wanted: int) -> int:
    """Raise the limit of open files as far as we may; how many are allowed now. Children inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for soft, hard in ((wanted, max(wanted, most)), (min(wanted, most), most)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        except (ValueError, OSError):
            # Only root may go beyond the hard limit, and not everywhere.
            continue
        break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def is_in_memory(folder: Path) -> bool:
    """Whether a folder lies on no disk: what is durable there costs nothing and says nothing."""
    mounts = [line.split() for line in (PROC / "mounts").read_text().splitlines()]
    here = folder.resolve()
    holding = [(mount[1], mount[2]) for mount in mounts if here.is_relative_to(mount[1])]
    return max(holding, key=lambda mount: len(mount[0]))[1] in IN_MEMORY


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
