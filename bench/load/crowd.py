"""All who are connected to one server, and the talks that they have."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from math import ceil

from bench.load.people import Party, Speaker, Watcher
from bench.load.record import Record
from bench.load.rotation import Rotation
from bench.load.talk import ClosedTalk, OfferedTalk, Talk
from bench.servers import Server

# At a time; a product that answers "busy" closes a newcomer's socket.
COMING_AT_ONCE = 32
FEWEST_AGENTS, MOST_WATCHED = 4, 400


class Crowd:
    """Customers' sockets stay open from round to round; agents come and go with what is measured."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.party = Party()
        self.speakers: list[Speaker] = []
        self.watchers: list[Watcher] = []
        self.rotation: Rotation[Speaker] = Rotation([], is_counted=server.is_counting)
        self._serials = itertools.count(1)

    @property
    def is_heard(self) -> bool:
        return bool(self.watchers)

    async def invite(self, people: int) -> None:
        """Bring the number of customers to this many, each with a conversation of their own."""
        # In a thread, for sockets that are open already must go on answering pings.
        chats = await asyncio.to_thread(self.server.chats, people)
        new = [Speaker(self.party, chat) for chat in chats[len(self.speakers) : people]]
        await self._let_in(new)
        self.speakers += new
        self.rotation.add(new)

    async def watch_conversations(self) -> None:
        """A few agents listen, so that each conversation is heard by one."""
        topics = [speaker.chat.staff_topic for speaker in self.speakers]
        agents = max(FEWEST_AGENTS, ceil(len(topics) / MOST_WATCHED))
        shares = [topics[place::agents] for place in range(agents)]
        await self._watch([share for share in shares if share])

    async def watch_list(self, agents: int) -> None:
        """So many agents listen to one list."""
        await self._watch([[self.server.list_topic]] * agents)

    def leave(self) -> None:
        for speaker in self.speakers:
            speaker.leave()
        self.speakers = []

    def stop_watching(self) -> None:
        for watcher in self.watchers:
            watcher.leave()
        self.watchers = []

    async def talk(
        self, *, in_flight: int, warm_up: float, seconds: float, until_heard: bool = False
    ) -> Record:
        """Each says the next thing when the last one is acknowledged, or, on wish, when all have heard it."""
        hearers = len(self.watchers) if until_heard else min(1, len(self.watchers))
        talk = ClosedTalk(self.rotation, self._serials, hearers=hearers, until_heard=until_heard)
        return await self._hold(talk, lambda: talk.begin(in_flight), warm_up, seconds)

    async def talk_at(self, rate: float, *, warm_up: float, seconds: float) -> Record:
        """So many messages a second are said, whether the server keeps up or not."""
        talk = OfferedTalk(self.rotation, self._serials, hearers=min(1, len(self.watchers)), rate=rate)
        return await self._hold(talk, talk.begin, warm_up, seconds)

    async def _hold(self, talk: Talk, begin: Callable[[], None], warm_up: float, seconds: float) -> Record:
        self.party.hearer = talk
        talk.record.is_heard = self.is_heard
        begin()
        await asyncio.sleep(warm_up)
        talk.record.began = self.server.usage()
        await asyncio.sleep(seconds)
        talk.record.ended = self.server.usage()
        await talk.end()
        return talk.record

    async def _watch(self, shares: Sequence[Sequence[str]]) -> None:
        cookies = itertools.cycle(self.server.agents())
        new = [Watcher(self.party, share, next(cookies)) for share in shares]
        await self._let_in(new)
        self.watchers += new

    async def _let_in(self, coming: Sequence[Speaker] | Sequence[Watcher]) -> None:
        places = asyncio.Semaphore(COMING_AT_ONCE)

        async def let_in(one: Speaker | Watcher) -> None:
            async with places:
                await one.come(self.server.door)

        await asyncio.gather(*(let_in(one) for one in coming))
