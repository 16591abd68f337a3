"""One talk: who says what when, and when it was acknowledged and heard."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter

from bench.load.people import Speaker
from bench.load.record import NOBODY_IS_FREE, Record
from bench.load.rotation import Rotation

# After the end of a run what is under way may still arrive; a server that has stood still so long brings nothing more.
STILL_FOR = 5.0


class Talk:
    """A message is heard when `hearers` agents have it. No speaker has two messages under way."""

    def __init__(self, rotation: Rotation[Speaker], serials: Iterator[int], *, hearers: int) -> None:
        self.record = Record()
        self._rotation = rotation
        self._serials = serials
        self._hearers = hearers
        self._missing: defaultdict[int, int] = defaultdict(lambda: hearers)
        self._speakers: dict[int, Speaker] = {}
        self._is_over = False

    def acked(self, speaker: Speaker, serial: int, at: float) -> None:
        if serial in self.record.sent and serial not in self.record.acked:
            self.record.acked[serial] = at
            self._after_ack(speaker, serial)

    def heard(self, serial: int, at: float) -> None:
        if serial not in self.record.sent or serial in self.record.heard:
            return
        self._missing[serial] -= 1
        if self._missing[serial] <= 0:
            del self._missing[serial]
            self.record.heard[serial] = at
            self._after_hearing(serial)

    def told(self, speaker: Speaker, at: float) -> None:
        """Customers hear their own messages too, beside the acknowledgement that counts."""

    def problem(self, what: str) -> None:
        self.record.problems[what] += 1

    async def end(self) -> None:
        """Nobody says more; what is under way may arrive."""
        self._is_over = True
        seen, until = -1, 0.0
        while self._is_something_under_way():
            arrived = len(self.record.acked) + len(self.record.heard)
            if arrived != seen:
                seen, until = arrived, perf_counter() + STILL_FOR
            elif perf_counter() > until:
                return
            await asyncio.sleep(0.02)

    def _is_something_under_way(self) -> bool:
        sent = len(self.record.sent)
        return len(self.record.acked) < sent or (self._hearers > 0 and len(self.record.heard) < sent)

    def _say(self, speaker: Speaker) -> None:
        serial = next(self._serials)
        self._rotation.count(speaker)
        self._speakers[serial] = speaker
        self.record.sent[serial] = perf_counter()
        speaker.say(serial)

    def _after_ack(self, speaker: Speaker, serial: int) -> None:
        raise NotImplementedError

    def _after_hearing(self, serial: int) -> None:
        raise NotImplementedError


class ClosedTalk(Talk):
    """So many seats; whoever sits in one says the next thing as soon as the last one has arrived."""

    def __init__(
        self, rotation: Rotation[Speaker], serials: Iterator[int], *, hearers: int, until_heard: bool
    ) -> None:
        super().__init__(rotation, serials, hearers=hearers)
        self._until_heard = until_heard

    def begin(self, in_flight: int) -> None:
        for _ in range(in_flight):
            self._take_seat()

    def _after_ack(self, speaker: Speaker, serial: int) -> None:
        if not self._until_heard or serial in self.record.heard:
            self._go_on(speaker)

    def _after_hearing(self, serial: int) -> None:
        if self._until_heard and serial in self.record.acked:
            self._go_on(self._speakers[serial])

    def _go_on(self, speaker: Speaker) -> None:
        if self._is_over:
            self._rotation.give_back(speaker)
        elif self._rotation.may_speak(speaker):
            self._say(speaker)
        else:
            self._rotation.give_back(speaker)
            self._take_seat()

    def _take_seat(self) -> None:
        speaker = self._rotation.take()
        if speaker is None:
            self.problem(NOBODY_IS_FREE)
        else:
            self._say(speaker)


class OfferedTalk(Talk):
    """Messages come at a rate of their own. A customer who still waits for an answer is passed over."""

    def __init__(
        self, rotation: Rotation[Speaker], serials: Iterator[int], *, hearers: int, rate: float
    ) -> None:
        super().__init__(rotation, serials, hearers=hearers)
        self._apart = 1 / rate
        self._loop = asyncio.get_running_loop()
        self._next = 0.0

    def begin(self) -> None:
        self._next = self._loop.time()
        self._tick()

    def _tick(self) -> None:
        if self._is_over:
            return
        # After a delay the messages that were due come at once, as customers would.
        while self._next <= self._loop.time():
            self._next += self._apart
            speaker = self._rotation.take()
            if speaker is None:
                self.problem(NOBODY_IS_FREE)
            else:
                self._say(speaker)
        self._loop.call_at(self._next, self._tick)

    def _after_ack(self, speaker: Speaker, _: int) -> None:
        self._rotation.give_back(speaker)

    def _after_hearing(self, serial: int) -> None:
        """Nobody waits for it."""
