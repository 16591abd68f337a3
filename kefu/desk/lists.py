"""The desk's lists: which conversations, in which order, a page at a time by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.db.models import Count, Q

from kefu.accounts.models import Agent
from kefu.accounts.settings.history import page_number
from kefu.brands.refs import read_ref
from kefu.cases.finding import files_with, files_with_memo
from kefu.conversations.models import Conversation
from kefu.conversations.querysets import ConversationQuerySet
from kefu.desk.shapes import TeamCounts

PAGE = 40


class View(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    RESOLVED = "resolved"


class BadPlace(ValueError):
    """A place in a list that no page of ours gave."""


@dataclass(frozen=True)
class Page:
    conversations: list[Conversation]
    next_place: str | None


def page_of(view: View, agent: Agent, place: str | None = None) -> Page:
    """Ours first, longest waiting first; resolved ones newest first. Raises BadPlace."""
    chosen = _chosen(view, agent)
    chosen = _resolved_page(chosen, place) if view == View.RESOLVED else _open_page(chosen, place)
    found = list(chosen.select_related("customer", "topic", "assignee")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], _place(view, last) if last else None)


def found_by(words: str, agent: Agent) -> list[Conversation]:
    """At most a page of what this agent may see: by its number, else by the facts of its case, the newest first."""
    seen = Conversation.objects.visible_to(agent).select_related("customer", "topic", "assignee")
    ways = (
        seen.filter(ref=read_ref(words) or words.strip().upper()),
        seen.filter(pk__in=files_with(words)),
        seen.filter(pk__in=files_with_memo(words)),
    )
    pages = (list(one.order_by("-pk")[:PAGE]) for one in ways)
    return next((page for page in pages if page), [])


def _chosen(view: View, agent: Agent) -> ConversationQuerySet:
    seen = Conversation.objects.visible_to(agent)
    match view:
        case View.MINE:
            return seen.assigned_to(agent)
        case View.UNASSIGNED:
            return seen.unassigned()
        case View.OPEN:
            return seen.open()
        case View.RESOLVED:
            return seen.resolved()


def _open_page(chosen: ConversationQuerySet, place: str | None) -> ConversationQuerySet:
    if place:
        ours, since, pk = _parts(place, 3)
        later = Q(turn_since__gt=_moment(since)) | Q(turn_since=_moment(since), pk__gt=_number(pk))
        chosen = chosen.filter(
            Q(waits_for_us=True) & later | Q(waits_for_us=False)
            if ours == "1"
            else Q(waits_for_us=False) & later
        )
    return chosen.order_by("-waits_for_us", "turn_since", "pk")


def _resolved_page(chosen: ConversationQuerySet, place: str | None) -> ConversationQuerySet:
    if place:
        at, pk = _parts(place, 2)
        chosen = chosen.filter(
            Q(resolved_at__lt=_moment(at)) | Q(resolved_at=_moment(at), pk__lt=_number(pk))
        )
    return chosen.order_by("-resolved_at", "-pk")


def _place(view: View, last: Conversation) -> str:
    if view == View.RESOLVED:
        return f"{last.resolved_at.isoformat() if last.resolved_at else ''}|{last.pk}"
    return f"{int(last.waits_for_us)}|{last.turn_since.isoformat()}|{last.pk}"


def _parts(place: str, number: int) -> list[str]:
    parts = place.split("|")
    if len(parts) != number:
        raise BadPlace
    return parts


def _moment(raw: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw)
        if moment.tzinfo is None:
            raise BadPlace
        # What a zone moves out of the calendar no database takes.
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPlace from None


def _number(raw: str) -> int:
    number = page_number(raw)
    if number is None:
        raise BadPlace
    return number


def counts_of(team_ids: list[int]) -> dict[int, TeamCounts]:
    """Open conversations by team: all, unassigned, and by assignee. One query over the open ones only."""
    counts: dict[int, TeamCounts] = {pk: {"open": 0, "unassigned": 0, "by_assignee": {}} for pk in team_ids}
    grouped = (
        Conversation.objects.open()
        .filter(team_id__in=team_ids)
        .values("team_id", "assignee_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for group in grouped:
        team = counts[group["team_id"]]
        team["open"] += group["number"]
        if group["assignee_id"] is None:
            team["unassigned"] += group["number"]
        else:
            team["by_assignee"][str(group["assignee_id"])] = group["number"]
    return counts
