"""Which agents have their desk open: a row each, renewed while a socket lives, true in every process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta

from django.utils.timezone import now

from kefu.journal.actor import ActorKind
from kefu.realtime.database import Busy
from kefu.realtime.hub import hub
from kefu.realtime.models import Presence
from kefu.realtime.people import Person

log = logging.getLogger(__name__)
RENEW_EVERY = 15
LASTS = timedelta(seconds=45)
_beat: asyncio.Event | None = None


def present_agents() -> set[int]:
    """Ids of the agents whose desk is open in some process."""
    return set(Presence.objects.filter(until__gt=now()).values_list("agent_id", flat=True))


def renew(agent_ids: set[int]) -> None:
    """One statement for all agents of this process."""
    until = now() + LASTS
    Presence.objects.bulk_create(
        [Presence(agent_id=agent_id, until=until) for agent_id in sorted(agent_ids)],
        update_conflicts=True,
        unique_fields=["agent_id"],
        update_fields=["until"],
    )


def arrived(person: Person) -> None:
    """An agent's desk has just opened here: customers are told so at once, and not at the next beat."""
    if person.actor.kind == ActorKind.AGENT and _beat is not None:
        _beat.set()


async def renew_for_ever() -> None:
    global _beat  # noqa: PLW0603 - the one clock of this process, which belongs to its loop
    _beat = asyncio.Event()
    while True:
        _beat.clear()
        agents = hub.agents
        if agents:
            try:
                await hub.database(renew, agents)
            except Busy:
                log.warning("presence not renewed", extra={"agents": len(agents)})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_beat.wait(), RENEW_EVERY)
