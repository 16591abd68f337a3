"""The data folder belongs to one running Kefu, from its first moment to its last."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from kefu.config.running.refusal import Refusal


class DataFolder:
    """The folder and its lock. The lock is lockf's: it ends with this process and no child inherits it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.was_left_behind = False
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Make the folder if needed and lock it. Raises Refusal if it is not ours to use."""
        make(self.path)
        file = self._pid_path.open("a+")
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another one"
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

    def give_back(self) -> None:
        """Leave the pid file empty, which tells the next start that this one ended well."""
        if self._file:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    @property
    def _pid_path(self) -> Path:
        return self.path / "kefu.pid"


def make(path: Path) -> None:
    """Make the folder for its owner only. Raises Refusal if that can't be, or if it can't be written in."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = path / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as problem:
        raise Refusal(
            f"Kefu can't write in {path} ({(problem.strerror or 'no reason given').lower()});"
            " make it yours, or choose another folder with --data."
        ) from None
