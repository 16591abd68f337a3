"""What is measured, in which order; servers take turns within each round."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence

from bench.chat.results import (
    LIST,
    LIST_AGENTS,
    LONG,
    LONG_SECONDS,
    MOST_LATE_MS,
    OFFERED,
    OFFERED_RATE,
    SATURATION,
    Choice,
    Results,
)
from bench.chat.setting import LIMIT, Setting
from bench.load.crowd import Crowd
from bench.load.record import Figures, Record, figures_of
from bench.load.rotation import people_for

WARM_UP = 1.0
# A shared machine may be half as fast a few seconds later, so each round is cut, and the servers take turns in it.
TURNS, TURN_WARM_UP = 5, 0.5
# Enough to learn how fast the product is, and so how many customers it takes.
FIRST_CUSTOMERS, LEAST_CUSTOMERS = 600, 200
# The next run may be faster than the first.
FASTER = 1.5
# How many messages may be under way when fifty agents watch one list: the server's best place is looked for.
FEWEST_IN_FLIGHT, MOST_IN_FLIGHT = 1, 512
WORTH_IT = 1.1


class ChatRun:
    def __init__(self, setting: Setting, choice: Choice) -> None:
        self.choice = choice
        self.results = Results()
        self.kefu = Crowd(setting.kefu)
        self.limit = Crowd(setting.limit) if setting.limit else None
        self.reference = Crowd(setting.reference) if setting.reference else None
        # The servers follow each other in the same order in every round.
        self.crowds = [crowd for crowd in (self.limit, self.reference, self.kefu) if crowd]
        self.storing = [crowd for crowd in self.crowds if crowd is not self.limit]

    async def measure(self) -> Results:
        await self._gather_customers()
        if {SATURATION, LONG, OFFERED} & set(self.choice.phases):
            for crowd in self.crowds:
                await crowd.watch_conversations()
        for name, phase in (
            (SATURATION, self._saturate),
            (LONG, self._last),
            (OFFERED, self._offer),
            (LIST, self._list),
        ):
            if name in self.choice.phases:
                tell(f"measuring: {name}")
                await phase()
        return self.results

    async def _gather_customers(self) -> None:
        tell("preparing customers")
        for crowd in self.crowds:
            # Where nobody counts how much one person says, as many do as speak at a time.
            many = self.choice.customers or FIRST_CUSTOMERS
            await crowd.invite(many if crowd is self.kefu else min(many, self.choice.in_flight))
        for crowd in self.crowds:
            first = await self._talk(crowd, WARM_UP)
            tell(f"{crowd.server.name} warmed up: {first.acked_per_second:,.0f} acknowledged a second")
            if crowd is self.kefu and not self.choice.customers:
                await crowd.invite(self._needed(first.acked_per_second, self.choice.in_flight))

    def _needed(self, rate: float, in_flight: int) -> int:
        """One window may see the end of one run and the whole of the next."""
        seconds = max(2 * (WARM_UP + self.choice.seconds), WARM_UP + LONG_SECONDS)
        wanted = people_for(rate * FASTER, seconds, in_flight=in_flight)
        room = self.choice.most_sockets - sum(
            len(crowd.speakers) for crowd in self.crowds if crowd is not self.kefu
        )
        return min(max(wanted, LEAST_CUSTOMERS, len(self.kefu.speakers)), room)

    async def _talk(self, crowd: Crowd, seconds: float) -> Figures:
        record = await crowd.talk(in_flight=self.choice.in_flight, warm_up=WARM_UP, seconds=seconds)
        return self._counted(crowd, figures_of([record]))

    def _counted(self, crowd: Crowd, figures: Figures) -> Figures:
        self.results.acked[crowd.server.name] += figures.acked
        return figures

    def _keep(self, phase: str, crowd: Crowd, figures: Figures) -> None:
        self.results.figures[phase][crowd.server.name].append(figures)

    async def _saturate(self) -> None:
        await self._in_turns(
            SATURATION,
            lambda crowd, seconds: crowd.talk(
                in_flight=self.choice.in_flight, warm_up=TURN_WARM_UP, seconds=seconds
            ),
        )

    async def _in_turns(self, phase: str, talk: Callable[[Crowd, float], Awaitable[Record]]) -> None:
        for _ in range(self.choice.rounds):
            records: dict[Crowd, list[Record]] = {crowd: [] for crowd in self.crowds}
            for _ in range(TURNS):
                for crowd in self.crowds:
                    records[crowd].append(await talk(crowd, self.choice.seconds / TURNS))
            for crowd in self.crowds:
                self._keep(phase, crowd, self._counted(crowd, figures_of(records[crowd])))

    async def _last(self) -> None:
        """Once: what grows shows in one long run, and not in many short ones."""
        for crowd in self.storing:
            self._keep(LONG, crowd, await self._talk(crowd, LONG_SECONDS))

    async def _offer(self) -> None:
        await self._in_turns(
            OFFERED,
            lambda crowd, seconds: crowd.talk_at(OFFERED_RATE, warm_up=TURN_WARM_UP, seconds=seconds),
        )

    async def _list(self) -> None:
        for crowd in self.storing:
            crowd.stop_watching()
            await crowd.watch_list(LIST_AGENTS)
            self.results.in_flight[crowd.server.name] = await self._best_in_flight(crowd)
        for _ in range(self.choice.rounds):
            for crowd in self.storing:
                in_flight = self.results.in_flight[crowd.server.name]
                self._keep(LIST, crowd, await self._heard_by_all(crowd, in_flight))

    async def _best_in_flight(self, crowd: Crowd) -> int:
        """Fewer until all agents stay within a second, else more for as long as that is worth it."""
        best = min(self.choice.in_flight, len(crowd.speakers))
        figures = await self._heard_by_all(crowd, best)
        while figures.delivery_p99_ms > MOST_LATE_MS and best > FEWEST_IN_FLIGHT:
            best //= 2
            figures = await self._heard_by_all(crowd, best)
        while 2 * best <= MOST_IN_FLIGHT:
            await crowd.invite(max(2 * best, len(crowd.speakers)))
            if crowd is self.kefu and not self.choice.customers:
                await crowd.invite(self._needed(figures.acked_per_second, 2 * best))
            more = await self._heard_by_all(crowd, 2 * best)
            is_worth_it = more.acked_per_second > WORTH_IT * figures.acked_per_second
            if more.delivery_p99_ms > MOST_LATE_MS or not is_worth_it:
                break
            best, figures = 2 * best, more
        return best

    async def _heard_by_all(self, crowd: Crowd, in_flight: int) -> Figures:
        record = await crowd.talk(
            in_flight=in_flight, warm_up=WARM_UP, seconds=self.choice.seconds, until_heard=True
        )
        return self._counted(crowd, figures_of([record]))


def tell(words: str) -> None:
    """To whoever waits; the figures go elsewhere."""
    print(words, file=sys.stderr, flush=True)


def names(choice: Choice, wanted: Sequence[str]) -> frozenset[str]:
    """The servers that these phases need."""
    needless = {LIMIT} if set(choice.phases) <= {LONG, LIST} else set()
    return frozenset(set(wanted) - needless)
