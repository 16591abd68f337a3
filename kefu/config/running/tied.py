"""The child's side: it ends when it is asked to, and when the supervisor is gone."""

from __future__ import annotations

import argparse
import faulthandler
import os
import signal
import threading
from types import FrameType
from typing import NoReturn

# As long as the supervisor would wait before it ends a child by force.
PATIENCE = 30.0


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser for a child's own arguments, with the lifeline that all of them have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--lifeline", type=int, default=None, help="closes when the supervisor is gone")
    return parser


def tie_to_supervisor(lifeline: int | None) -> None:
    """SIGTERM ends this process with code 0 from now on, and so does the end of the supervisor."""
    signal.signal(signal.SIGTERM, _leave)
    if lifeline is None:
        return
    threading.Thread(target=_outlive_nobody, args=(lifeline,), name="lifeline", daemon=True).start()


def leave() -> None:
    """End this process: asked as by SIGTERM, and by force when that takes too long. From any thread."""
    # This clock needs no interpreter, so it ends even a process that is stuck in foreign code.
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    # To the main thread, which may sleep: a signal that another thread takes would not wake it.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # An exception would be lost, and the process stay, if the signal comes while a finaliser or a callback runs. Until a
    # server or a worker takes the signal itself there is nothing to put away that a kill would not leave as well.
    os._exit(0)


def _outlive_nobody(lifeline: int) -> None:
    """A pipe that closes serves on every system, unlike the kernel's own word about a parent's death."""
    os.read(lifeline, 1)
    leave()
