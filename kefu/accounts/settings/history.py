"""What was changed in settings, by whom and when, in words; and who changed it while somebody else was typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from kefu.accounts.people.agents import Agent
from kefu.journal.actor import Actor, ActorKind
from kefu.journal.revisions import ChangedMeanwhile, Revision, newest

SHOWN = 20
R = TypeVar("R", bound=Revision)


@dataclass(frozen=True)
class Difference:
    """One line of a change: what it is called, and what it was and is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A revision as its room reads it: what it is about, what differs, and where it is put back."""

    title: str
    differences: Sequence[Difference]
    put_back_url: str


@dataclass(frozen=True)
class Entry:
    who: str
    at: datetime
    change: Change


@dataclass(frozen=True)
class History:
    """Newest first; `older` is where the next page begins."""

    entries: Sequence[Entry]
    older: int | None


def show_history(
    request: HttpRequest,
    *,
    about: str,
    back: str,
    revisions: QuerySet[R],
    describe: Callable[[R], Change],
    conflict: ChangedMeanwhile | None = None,
    more: str = "",
) -> HttpResponse:
    """The page of what was changed, 409 with who was faster. `back` is the address of the page that it is about.

    `more` goes along with the link to earlier changes.
    """
    values = {
        "about": about,
        "back": back,
        "history": history_of(revisions, before=page_number(request.GET.get("before")), describe=describe),
        "seen": newest(revisions),
        "conflict": last_change(conflict.revision) if conflict else None,
        "more": more,
    }
    return render(request, "accounts/settings/history.html", values, status=409 if conflict else 200)


def seen_in(request: HttpRequest) -> int:
    """The newest change that the sender had before them; without a number none, so that nothing is overwritten unseen."""
    return page_number(request.POST.get("seen")) or 0


def history_of(revisions: QuerySet[R], *, before: int | None, describe: Callable[[R], Change]) -> History:
    """A page of the list, from the newest or from behind a revision. Two queries."""
    rows = revisions.order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    shown = found[:SHOWN]
    who = names_of(revision.actor for revision in shown)
    entries = [Entry(who[row.actor], row.changed_at, describe(row)) for row in shown]
    return History(entries, shown[-1].pk if len(found) > SHOWN else None)


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """The parts that differ, by name, in the order in which they are told."""
    parts = [Difference(name, before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    return [part for part in parts if part.before != part.after]


def names_of(actors: Iterable[Actor]) -> dict[Actor, str]:
    """What staff call who did something; one query."""
    wanted = set(actors)
    ids = {actor.id for actor in wanted if actor.kind is ActorKind.AGENT}
    found = dict(Agent.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return {actor: _name_of(actor, found) for actor in wanted}


def _name_of(actor: Actor, found: dict[int, str]) -> str:
    if actor.kind is ActorKind.AGENT:
        return str(found.get(actor.id or 0) or gettext("Somebody who is no longer known"))
    return gettext("The console") if actor.kind is ActorKind.SYSTEM else gettext("A customer")


@dataclass(frozen=True)
class LastChange:
    """Who changed these settings last, and when."""

    who: str
    at: datetime


def last_change(revision: Revision | None) -> LastChange | None:
    return LastChange(names_of([revision.actor])[revision.actor], revision.changed_at) if revision else None


def page_number(raw: str | None) -> int | None:
    """The revision behind which a page of the list begins, as it stands in the address."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 19 else None  # noqa: PLR2004 - digits of a bigint
