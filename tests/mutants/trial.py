"""A copy of the checkout in which one module at a time is changed, and the tests that should notice."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.mutants import databases
from tests.mutants.parts import Part

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("kefu", "tests", "conftest.py", "pyproject.toml")
SETTINGS = "kefu.config.testing"
# With these in memory a trial is mostly the tests; asserts must be plain then.
READ_ONCE = (
    "pytest",
    "pytest_django.plugin",
    "django.test.client",
    "hypothesis.stateful",
    "time_machine",
    "playwright.sync_api",
)
HOW = ("-q", "-x", "--assert=plain", "--tb=short", "--nomigrations", "-p", "no:hypothesispytest")
NOT_NOTICED = 0
TIMED_OUT = -1
# No signal has this number.
HELD_UP = -1000
# Longer than this between two looks at a trial, and everything stood still: the machine slept, or somebody stopped us.
STILL = 5.0


class Workshop:
    """Trials one after the other, each in a fork of a process that has everything else in memory already."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.place = Path(tempfile.mkdtemp(prefix="kefu-m-"))
        self.patience, self.seconds_of_work = 900.0, 600
        for name in COPIED:
            _copy(ROOT / name, self.place / name)
        _become(self.place)
        self.databases: databases.Databases | None = None
        if part.is_read_again:
            _load()
            databases.make()
            self.databases = databases.databases(self.place)
            self.databases.keep()

    def close(self) -> None:
        if self.databases:
            self.databases.remove()
        os.chdir(ROOT)
        os.environ.pop("TMPDIR")
        tempfile.tempdir = None
        shutil.rmtree(self.place, ignore_errors=True)

    def prove(self, path: str, source: str) -> None:
        """The tests pass for the unchanged module, written as mutants are. Raises RuntimeError if they don't."""
        began, worked = time.monotonic(), _work_of_children()
        if self.try_out(path, source) != NOT_NOTICED:
            self.try_out(path, source, is_shown=True)
            raise RuntimeError(f"The tests fail before {path} is changed.")
        # Other programs may take most of the machine, so patience is long where only the clock tells.
        self.patience = 30 + (time.monotonic() - began) * 6
        self.seconds_of_work = 10 + round((_work_of_children() - worked) * 5)

    def try_out(self, path: str, source: str, *, is_shown: bool = False) -> int:
        """What pytest left with, TIMED_OUT if it did not come to an end: both but 0 mean that it was noticed."""
        target = self.place / path
        before = target.read_text(encoding="utf-8")
        scratch = Path(tempfile.mkdtemp(prefix="t", dir=self.place))
        _write(target, source)
        try:
            outcome = HELD_UP
            while outcome == HELD_UP:
                outcome = self._forked(path, scratch, is_shown=is_shown)
            return outcome
        finally:
            _write(target, before)
            shutil.rmtree(scratch, ignore_errors=True)

    def _forked(self, path: str, scratch: Path, *, is_shown: bool) -> int:
        if self.databases:
            self.databases.bring_back()
        child = os.fork()
        if not child:
            self._run(path, scratch, is_shown=is_shown)
        try:
            return _outcome(child, self.patience)
        finally:
            # Whatever processes the tests started belong to the child's group.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)

    def _run(self, path: str, scratch: Path, *, is_shown: bool) -> None:
        """The child's whole life."""
        code = 1
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (self.seconds_of_work, self.seconds_of_work))
            os.environ |= {"TMPDIR": str(scratch)}
            tempfile.tempdir = None
            if not is_shown:
                _hush()
            _find_and_stop()
            code = _pytest([*self._read_again(path), *self._arguments(path)])
        except BaseException:  # noqa: BLE001 - the child must not go on as if it were the parent
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)

    def _read_again(self, path: str) -> list[str]:
        """Put the changed module, and those that took names from it, in the place of what is in memory."""
        if self.databases is None:
            return ["--create-db"]
        modules = [*self.part.modules, *self.part.takers]
        for other in modules[modules.index(path) :]:
            name = other.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            importlib.reload(importlib.import_module(name))
        databases.take_over()
        return ["--reuse-db"]

    def _arguments(self, path: str) -> list[str]:
        without = [f"--deselect={name}" for name in self.part.leaves_out]
        return [*HOW, *without, *self.part.modules[path]]


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _become(place: Path) -> None:
    """From now on this process lives in the copy, on one core, behind everything else that the machine does."""
    os.chdir(place)
    os.environ |= {"TMPDIR": str(place), "DJANGO_SETTINGS_MODULE": SETTINGS}
    tempfile.tempdir = None
    os.setpriority(os.PRIO_PROCESS, 0, 15)
    sys.path[:] = [str(place), *(entry for entry in sys.path if Path(entry).resolve() != ROOT)]
    sys.dont_write_bytecode = True


def _load() -> None:
    """Read the product into memory."""
    import django

    django.setup()
    for name in READ_ONCE:
        importlib.import_module(name)
    gc.freeze()


def _write(target: Path, source: str) -> None:
    target.write_text(source, encoding="utf-8")
    for cached in (target.parent / "__pycache__").glob(f"{target.stem}.*"):
        cached.unlink()


def _hush() -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


def _find_and_stop() -> None:
    """Hypothesis needs one example against a mutant, not the smallest, and the same ones each time."""
    hypothesis = importlib.import_module("hypothesis")
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutants", phases=phases, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")


def _pytest(arguments: Sequence[str]) -> int:
    return int(importlib.import_module("pytest").main(list(arguments)))


def _outcome(child: int, patience: float) -> int:
    """HELD_UP if it failed and this process stood still meanwhile: the tests' own deadlines may have passed for nothing."""
    looked = time.monotonic()
    until = looked + patience
    was_held_up = False
    while True:
        time.sleep(0.02)
        last, looked = looked, time.monotonic()
        was_held_up = was_held_up or looked - last > STILL
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return HELD_UP if was_held_up and code != NOT_NOTICED else code
        if looked >= until:
            break
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return HELD_UP if was_held_up else TIMED_OUT


def _work_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
