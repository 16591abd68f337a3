"""The journal, to read: who did what and when, filtered, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kefu.accounts.models import Agent, Role
from kefu.accounts.role_names import role_name
from kefu.accounts.settings.doors import agent_of_page, settings_page
from kefu.accounts.settings.history import names_of, page_number
from kefu.conversations.models import Conversation
from kefu.desk.settings.journal_filter import Wanted, actors_for, brands_for
from kefu.desk.settings.journal_words import GROUPS, in_words
from kefu.journal.actor import ActorKind, agent_actor
from kefu.journal.models import Entry

SHOWN = 50
BY_LINK = "conversation.link_used"
# Their subject is a member, whose name stands beside what was done.
ABOUT_MEMBERS = frozenset(
    {
        "agent.added",
        "agent.changed",
        "agent.left",
        "agent.joined",
        "agent.sign_in_failed",
        "agent.sign_in_link_made",
        "agent.sessions_ended",
        "agent.second_factor_removed",
        "agent.token_added",
        "agent.token_revoked",
    }
)


@dataclass(frozen=True)
class Line:
    """One entry in words. `ref` only of a conversation that the reader may open."""

    entry: Entry
    who: str
    what: str
    about: str
    ref: str


@require_safe
@settings_page("journal")
def journal(request: HttpRequest) -> HttpResponse:
    agent, wanted = agent_of_page(request), Wanted.read(request.GET)
    before = page_number(request.GET.get("before"))
    entries: list[Entry] = []
    if not wanted.problems:
        found = wanted.entries(agent)
        entries = list((found.filter(id__lt=before) if before else found)[: SHOWN + 1])
    shown = entries[:SHOWN]
    kept = request.GET.copy()
    kept.pop("before", None)
    values = {
        "lines": _lines(agent, shown),
        "older": shown[-1].pk if len(entries) > SHOWN else None,
        "kept": kept.urlencode(),
        "wanted": wanted,
        "groups": [(key, name, words.items()) for key, (name, words) in GROUPS.items()],
        "actors": actors_for(agent),
        "brands": brands_for(agent),
    }
    return render(request, "desk/settings/journal.html", values, status=422 if wanted.problems else 200)


def _lines(agent: Agent, entries: Sequence[Entry]) -> list[Line]:
    """Two queries more, however many entries there are."""
    about = {
        entry.pk: agent_actor(entry.subject_id)
        for entry in entries
        if entry.kind in ABOUT_MEMBERS and entry.subject_id and entry.subject_id != entry.actor_id
    }
    names = names_of([*(entry.actor for entry in entries), *about.values()])
    refs = _refs(agent, {entry.conversation_id for entry in entries if entry.conversation_id})
    return [
        Line(
            entry=entry,
            who=_who(entry, names[entry.actor]),
            what=in_words(entry.kind),
            about=_about(entry, names[about[entry.pk]] if entry.pk in about else ""),
            ref=refs.get(entry.conversation_id or 0, ""),
        )
        for entry in entries
    ]


def _who(entry: Entry, name: str) -> str:
    """Nobody knows who follows a link; what nobody did by hand is not said to be the console's."""
    if entry.actor.kind is not ActorKind.SYSTEM:
        return name
    return gettext("Whoever has the link") if entry.kind == BY_LINK else gettext("The system")


def _about(entry: Entry, member: str) -> str:
    role = entry.payload.get("role")
    words = role_name(role) if role in Role.values else ""
    return " · ".join(part for part in (member, words) if part)


def _refs(agent: Agent, ids: Iterable[int]) -> dict[int, str]:
    visible = Conversation.objects.visible_to(agent).filter(pk__in=set(ids))
    return dict(visible.values_list("pk", "ref"))
