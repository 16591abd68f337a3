"""The line in which this process's connections wait to write: first come, first served."""

from __future__ import annotations

import os
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class LineTooLong(Exception):
    """Nobody let us write within the time allowed."""


class Turn:
    """One wait in the line, and the right to write once it is called."""

    def __init__(self, owner: object) -> None:
        self.owner = weakref.ref(owner)
        self.called = threading.Lock()
        self.called.acquire()


class Line:
    """Who writes now, and who comes next; those who are first in line pass the others."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._holder: Turn | None = None
        self._first: deque[Turn] = deque()
        self._others: deque[Turn] = deque()

    def take(self, owner: object, *, seconds: float) -> Turn:
        """Wait for a turn; raises LineTooLong when it does not come within the seconds."""
        turn = Turn(owner)
        with self._mutex:
            if self._holder is None:
                self._holder = turn
                return turn
            (self._first if _place.is_first else self._others).append(turn)
            # A connection that was thrown away inside a transaction can no longer give its turn back.
            if self._holder.owner() is None:
                self._call_next()
        try:
            is_called = turn.called.acquire(timeout=seconds)
        except BaseException:
            self._leave(turn)
            raise
        if not is_called:
            self._leave(turn)
            raise LineTooLong
        return turn

    def give_back(self, turn: Turn) -> None:
        """End a turn; a turn from before a fork, or ended already, is harmless."""
        with self._mutex:
            if self._holder is turn:
                self._call_next()

    def _call_next(self) -> None:
        waiting = self._first or self._others
        self._holder = waiting.popleft() if waiting else None
        if self._holder is not None:
            self._holder.called.release()

    def _leave(self, turn: Turn) -> None:
        with self._mutex:
            if self._holder is turn:
                self._call_next()
                return
            for waiting in (self._first, self._others):
                if turn in waiting:
                    waiting.remove(turn)

    def start_anew(self) -> None:
        """In a forked child: whoever held or waited lives in the parent only."""
        self._mutex = threading.Lock()
        self._forget()


class _Place(threading.local):
    is_first = False


_place = _Place()
_lines: dict[str, Line] = {}


def line_of(database: str) -> Line:
    """The one line of this process for a database, by its absolute name."""
    return _lines.setdefault(database, Line())


@contextmanager
def first_in_line() -> Iterator[None]:
    """Let this thread pass all who wait; for the one writer that carries many people's messages."""
    before, _place.is_first = _place.is_first, True
    try:
        yield
    finally:
        _place.is_first = before


def is_first_in_line() -> bool:
    """Whether this thread passes all who wait."""
    return _place.is_first


def _start_anew() -> None:
    for line in _lines.values():
        line.start_anew()


os.register_at_fork(after_in_child=_start_anew)
