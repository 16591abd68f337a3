"""Whose turn it is to speak, so that nobody says more than the product lets one person say."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Person = TypeVar("Person")
# The product takes thirty messages in thirty seconds from one person (`SAY_LIMIT`). Its clock and ours may call the
# same message's window differently, so a person stays well below.
TIMES, WINDOW = 24, 30


class Rotation(Generic[Person]):
    """A person speaks until their share of this window is used, then whoever has waited longest follows.

    Where nobody counts, people change in the same way, and may come again at once.
    """

    def __init__(
        self, people: Iterable[Person], *, is_counted: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self._waiting = deque(people)
        self._is_counted = is_counted
        self._clock = clock
        self._spoken: dict[Person, tuple[int, int]] = {}

    def take(self) -> Person | None:
        """Who has waited longest of those who may speak; None if nobody may."""
        for _ in range(len(self._waiting)):
            person = self._waiting.popleft()
            if self.may_speak(person):
                return person
            self._waiting.append(person)
        return None

    def give_back(self, person: Person) -> None:
        if not self._is_counted:
            self._spoken.pop(person, None)
        self._waiting.append(person)

    def add(self, people: Iterable[Person]) -> None:
        """Those who are new go first: nobody has heard them yet."""
        self._waiting.extendleft(people)

    def may_speak(self, person: Person) -> bool:
        return self._times(person) < TIMES

    def count(self, person: Person) -> None:
        """They have just spoken."""
        self._spoken[person] = (self._window, self._times(person) + 1)

    def _times(self, person: Person) -> int:
        window, times = self._spoken.get(person, (self._window, 0))
        return times if window == self._window else 0

    @property
    def _window(self) -> int:
        return int(self._clock()) // WINDOW


def people_for(rate: float, seconds: float, *, in_flight: int) -> int:
    """How many people it takes to say so many messages a second for so long within one window."""
    return in_flight + int(rate * min(seconds, WINDOW) / TIMES) + 1
