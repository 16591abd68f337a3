"""The child's side: it ends when it is asked to, and when the supervisor is gone."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

PR_SET_PDEATHSIG = 1
# As long as the supervisor would wait before it ends a child by force.
PATIENCE = 30.0


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser for a child's own arguments, with the lifeline that all of them have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--lifeline", type=int, default=None, help="closes when the supervisor is gone")
    return parser


def tie_to_supervisor(lifeline: int | None) -> None:
    """SIGTERM and SIGINT end this process with code 0 from now on, and so does the end of the supervisor."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    if lifeline is None:
        return
    # The pipe serves everywhere; on Linux the kernel tells us even while Python is busy in foreign code.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_outlive_nobody, args=(lifeline,), name="lifeline", daemon=True).start()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _outlive_nobody(lifeline: int) -> NoReturn:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
