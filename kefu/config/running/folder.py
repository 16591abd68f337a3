"""The data folder belongs to one running Kefu, from its first moment to its last."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from kefu.config.running.refusal import Refusal

# Two lines while Kefu runs, its process and its port; empty after a good end.
NAME = "kefu.pid"
# Keys may be such as may only be read, where somebody else looks after them.
READ = ("keys", "keys/*")
WRITTEN = (
    NAME,
    "prepare.lock",
    "prepared.json",
    "kefu.sqlite3*",
    "files",
    "incoming",
    "metrics",
    "rings",
    "static",
)


class DataFolder:
    """The folder and its lock. The lock is lockf's: it ends with this process and no child inherits it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.was_left_behind = False
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Make the folder if needed and lock it. Raises Refusal if it is not ours to use."""
        make(self.path)
        file = (self.path / NAME).open("a+")
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = next(iter(file.read().split()), "another one")
            file.close()
            raise Refusal(
                f"Kefu is already running on {self.path} (process {holder}); stop it,"
                " or choose another folder with --data."
            ) from None
        file.seek(0)
        self.was_left_behind = bool(file.read().strip())
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def note_port(self, port: int) -> None:
        """For commands that print addresses while Kefu runs."""
        if self._file:
            self._file.write(f"{port}\n")
            self._file.flush()

    def give_back(self) -> None:
        """Leave the pid file empty, which tells the next start that this one ended well."""
        if self._file:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def make(path: Path) -> None:
    """Make the folder for its owner only. Raises Refusal if it, or what Kefu keeps in it, is not ours to use."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = path / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as problem:
        raise _refused("write in", path, (problem.strerror or "no reason given").lower()) from None
    _try_what_is_there(path)


def _try_what_is_there(path: Path) -> None:
    """Somebody else, often root, may have started Kefu on it once: then the folder is ours and what is in it is not."""
    for name in READ:
        for found in path.glob(name):
            if not os.access(found, os.R_OK | (os.X_OK if found.is_dir() else 0)):
                raise _refused("read", found)
    for name in WRITTEN:
        for found in path.glob(name):
            if not os.access(found, os.R_OK | os.W_OK | (os.X_OK if found.is_dir() else 0)):
                raise _refused("write to", found)


def _refused(verb: str, path: Path, why: str = "permission denied") -> Refusal:
    return Refusal(f"Kefu can't {verb} {path} ({why}); make it yours, or choose another folder with --data.")


def port_in_use(path: Path) -> str:
    """The port of the Kefu that runs on this folder, or nothing."""
    try:
        return (path / NAME).read_text().split()[1]
    except (OSError, IndexError):
        return ""
