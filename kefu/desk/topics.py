"""The desk's topic, one a team: rows that changed, and the team's counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import cast

from django.db.models import QuerySet

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows
from kefu.conversations.fresh import fresh, with_people
from kefu.conversations.models import Conversation
from kefu.desk.lists import counts_of
from kefu.desk.mail import MAIL_KINDS
from kefu.desk.rows import draw_row
from kefu.desk.shapes import Counts, DeskEvents, DeskResync, RowChanged, TeamCounts
from kefu.journal.models import Entry
from kefu.realtime.frames import encode
from kefu.realtime.people import Person
from kefu.realtime.topics import Listened, Outgoing, TopicKind

PREFIX = "desk/"
MOST_ROWS = 200
MOST_ENTRIES = 1_000
# None of our transactions lasts two seconds; this forgives clocks that differ.
LATE_FOR = timedelta(seconds=5)
LATE_ENTRIES = 2_000
# All numbers of so many digits have room in a table.
LONGEST_ID = 18
# What changes a row, or what stands beside its conversation. A cursor that moved doesn't.
KINDS = MAIL_KINDS | {
    "conversation.opened",
    "conversation.message",
    "conversation.assigned",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.erased",
}


def team_of(topic: str) -> int | None:
    """The team's id, if the topic is written as we write it: "desk/007" is nobody's, nor is a number that no table holds."""
    raw = topic.removeprefix(PREFIX)
    is_ours = raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_ID and str(int(raw)) == raw
    return int(raw) if is_ours else None


def teams_of(agent: Agent) -> list[int]:
    """Ids of the teams whose conversations this agent sees."""
    return sorted(agent.visible_teams().values_list("pk", flat=True))


def authorise(person: Person, topic: str) -> bool:
    agent = person.viewer
    return isinstance(agent, Agent) and allows(agent, May.USE_DESK) and team_of(topic) in teams_of(agent)


def catch_up(person: Person, topic: str, after: int) -> list[bytes] | None:
    """Rows that changed after a journal id, as they are today, then the counts; `resync` if that is too much to tell.

    None if it is no team of theirs. Which of them have news of their mail is not told apart any more, so all of them may.
    """
    team_id = team_of(topic)
    if team_id is None or not authorise(person, topic):
        return None
    if after < 0:
        return [_counts(topic, counts_of([team_id])[team_id])]
    latest = _changed_since(after)
    rows = _rows(latest, [team_id], frozenset(latest))[team_id] if latest is not None else []
    if latest is None or len(rows) > MOST_ROWS:
        resync: DeskResync = {"type": "resync", "topic": topic, "snapshot": None}
        return [encode(resync)]
    return [*([_events(topic, rows)] if rows else []), _counts(topic, counts_of([team_id])[team_id])]


def _changed_since(after: int) -> dict[int, int] | None:
    """Conversations and the last entry that changed each; None if that is too much, or `after` is of another history."""
    newest = list(_changes().filter(pk__gt=after).order_by("-pk")[:MOST_ENTRIES])
    if len(newest) == MOST_ENTRIES or after > current_cursor():
        return None
    return _changed_late(after) | dict(reversed(newest))


def _changed_late(after: int) -> dict[int, int]:
    """What may have been committed after a higher id was seen, and so was missed by a reader who has all up to `after`.

    Ids are given when a row is written and seen when its transaction ends; a row that was told before changes nothing.
    """
    seen = Entry.objects.filter(pk__lte=after, pk__gt=after - LATE_ENTRIES)
    last_at = seen.order_by("-pk").values_list("recorded_at", flat=True).first()
    if last_at is None:
        return {}
    late = _changes().filter(pk__lte=after, pk__gt=after - LATE_ENTRIES, recorded_at__gte=last_at - LATE_FOR)
    return dict(late.order_by("pk"))


def _changes() -> QuerySet[Entry, tuple[int, int]]:
    changes = Entry.objects.filter(kind__in=KINDS, conversation_id__isnull=False)
    return cast("QuerySet[Entry, tuple[int, int]]", changes.values_list("conversation_id", "pk"))


def current_cursor() -> int:
    """The journal id up to which a page that is read after this is complete, but for what is committed late."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def render(entries: Sequence[Entry], listened: Listened) -> list[Outgoing]:
    latest = {
        entry.conversation_id: entry.pk for entry in entries if entry.kind in KINDS and entry.conversation_id
    }
    teams = {team_id: topic for topic in listened.of(PREFIX) if (team_id := team_of(topic)) is not None}
    if not latest or not teams:
        return []
    with_mail = frozenset(entry.conversation_id for entry in entries if entry.kind in MAIL_KINDS)
    known = {pk: one.row for pk, one in fresh.conversations(entries).items()}
    rows = _rows(latest, list(teams), with_mail, known)
    counts = counts_of([team_id for team_id in teams if rows[team_id]])
    out = []
    for team_id, changed in rows.items():
        if changed:
            topic = teams[team_id]
            out.append(Outgoing(topic, _events(topic, changed)))
            out.append(Outgoing(topic, _counts(topic, counts[team_id])))
    return out


def _rows(
    latest: dict[int, int],
    team_ids: list[int],
    with_mail: frozenset[int | None],
    known: Mapping[int, Conversation] = MappingProxyType({}),
) -> defaultdict[int, list[RowChanged]]:
    """Events by team, in the journal's order. `mail` says that something may have become of a letter.

    `known` are conversations that need not be read again.
    """
    kept = [one for pk, one in known.items() if pk in latest and one.team_id in team_ids]
    found = with_people(kept)
    if missing := latest.keys() - known.keys():
        rest = Conversation.objects.filter(pk__in=missing, team_id__in=team_ids)
        found += rest.select_related("customer", "topic", "assignee")
    rows: defaultdict[int, list[RowChanged]] = defaultdict(list)
    for conversation in sorted(found, key=lambda one: latest[one.pk]):
        event: RowChanged = {
            "seq": latest[conversation.pk],
            "kind": "row",
            "at": conversation.last_message_at.isoformat(),
            "row": draw_row(conversation),
            "mail": conversation.pk in with_mail,
        }
        rows[conversation.team_id].append(event)
    return rows


def _events(topic: str, rows: list[RowChanged]) -> bytes:
    told: DeskEvents = {"type": "events", "topic": topic, "events": rows}
    return encode(told)


def _counts(topic: str, counts: TeamCounts) -> bytes:
    told: Counts = {"type": "counts", "topic": topic, **counts}
    return encode(told)


DESK_TOPICS = TopicKind(prefix=PREFIX, authorise=authorise, catch_up=catch_up, render=render)
