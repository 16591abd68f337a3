"""A web process's writer, by itself: `prepare` makes the house in an empty database, `write` asks without a pause.

Prints JSON lines. Its database is DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import django

# In one writer; each says the next thing when the last is answered.
SENDERS = 8
CONVERSATIONS = 24


def say(value: object) -> None:
    print(json.dumps(value), flush=True)


def prepare() -> None:
    """Prints the conversations' ids."""
    from django.core.management import call_command

    from kefu.conversations.tests.factories import make_conversation, make_house

    call_command("migrate", verbosity=0)
    house = make_house()
    say([make_conversation(house).pk for _ in range(CONVERSATIONS)])


class Asking:
    """All that one writer is asked for, over its share of the conversations."""

    def __init__(self, ids: list[int], number: int, seconds: float) -> None:
        from kefu.accounts.models import Agent
        from kefu.conversations import together
        from kefu.conversations.models import Conversation
        from kefu.realtime.people import Person
        from kefu.realtime.writer import Writer
        from kefu.safety.limits import Limit

        # Everybody is counted as ever, and nobody refused: a machine asks here.
        together.SAY_LIMIT = Limit("say", 10**9, timedelta(seconds=30))
        self.together = together
        self.writer = Writer()
        self.number, self.seconds = number, seconds
        self.conversations = list(Conversation.objects.filter(pk__in=ids).order_by("pk"))
        agent = Agent.objects.get(teams=self.conversations[0].team)
        self.agent = Person(agent.actor, "", agent)
        self.took: list[float] = []
        self.said = 0
        self.failed: Counter[str] = Counter()

    async def ask(self, sender: int) -> None:
        """Words of customers, replies, notes and what was seen, each in another conversation than the one before."""
        until = time.monotonic() + self.seconds
        for turn in itertools.count():
            conversation = self.conversations[(sender * 5 + turn * 7) % len(self.conversations)]
            begun = time.monotonic()
            if begun > until:
                return
            try:
                await self._one(conversation, turn % 5, f"w{self.number}-{sender}-{turn:06}")
            except Exception as problem:  # noqa: BLE001 - counted by its name
                self.failed[type(problem).__name__] += 1
            self.took.append(time.monotonic() - begun)

    async def _one(self, conversation: Any, kind: int, name: str) -> None:
        from kefu.accounts.viewers import CustomerViewer
        from kefu.conversations.frames import SayFrame, SeenFrame
        from kefu.realtime.people import Person

        viewer = CustomerViewer(customer_id=conversation.customer_id, brand_id=conversation.brand_id)
        person = self.agent if kind in {1, 2} else Person(viewer.actor, "", viewer)
        if kind == 4:
            seen = SeenFrame(ref=conversation.ref, delivered=2**40, seen=2**40)
            await self.writer(self.together.see_together, self.together.Seen(person, seen), sender=name[:4])
            return
        visibility = "staff" if kind == 2 else "customer"
        # All is seen that was said, so that no reply is held back.
        frame = SayFrame(
            conversation.ref, name, "还没到账", visibility, spoken_seq=2**40 if kind == 1 else None
        )
        answer = await self.writer(
            self.together.say_together,
            self.together.Spoken(person, frame),
            sender=name[:4],
        )
        told = json.loads(getattr(answer, "frame", answer))
        if told["type"] == "ack":
            self.said += 1
        else:
            self.failed[told["code"]] += 1

    async def run(self) -> None:
        await asyncio.gather(*(self.ask(sender) for sender in range(SENDERS)))
        self.writer.close()


def write(ids: list[int], number: int, seconds: float) -> None:
    asking = Asking(ids, number, seconds)
    say("ready")
    sys.stdin.readline()
    asyncio.run(asking.run())
    say({"took": asking.took, "said": asking.said, "failed": asking.failed})


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.testing"
    django.setup()
    prepare() if sys.argv[1] == "prepare" else write(**json.loads(sys.argv[2]))
