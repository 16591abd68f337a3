"""Members: who is here, in which role and teams, and how they sign in; changing it, ending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.actions import close_agent, end_agent_sessions, reset_second_factor
from kefu.accounts.announcing import can_announce
from kefu.accounts.events import AgentSignedIn
from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agent_tokens import AgentToken
from kefu.accounts.people.agents import Agent, HasLeft, Knowledge, Role, Team
from kefu.accounts.people.invitations import Invitation
from kefu.accounts.role_names import role_name
from kefu.accounts.settings.doors import agent_of_page, proven_again, settings_page
from kefu.accounts.settings.history import last_change, page_number, seen_in, show_history
from kefu.accounts.settings.member_changes import (
    availability_in_words,
    change_of,
    knowledge_in_words,
    roles_in_words,
)
from kefu.accounts.verbs.agent_tokens import revoke_tokens_of
from kefu.accounts.verbs.agents import LastAdmin
from kefu.accounts.verbs.members import change_agent, put_back_agent
from kefu.accounts.verbs.sign_ins import living_sessions
from kefu.brands.models import Brand
from kefu.journal.models import Entry
from kefu.journal.revisions import ChangedMeanwhile
from kefu.realtime.presence import present_agents

SHOWN = 25


@require_safe
@settings_page("members")
def members(request: HttpRequest) -> HttpResponse:
    """By name; searched by name or address, narrowed by role and team."""
    wanted = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "role", "team")}
    found = _found(wanted, after=page_number(request.GET.get("after")))
    rows, older = found[:SHOWN], found[SHOWN:]
    signed_in, present = last_sign_ins(rows), present_agents()
    values = {
        "rows": [
            {
                "agent": agent,
                "role": role_name(agent.role),
                "teams": [team.name for team in agent.teams.all()],
                "signed_in_at": signed_in.get(agent.pk),
                "availability": availability_in_words(agent, is_present=agent.pk in present),
            }
            for agent in rows
        ],
        "after": rows[-1].pk if older else None,
        "wanted": wanted,
        "roles": roles_in_words(),
        "teams": _teams(),
        "letters_leave": any(can_announce(brand) for brand in Brand.objects.order_by("pk")),
        "invitations": Invitation.objects.visible_to(agent_of_page(request))
        .unsettled()
        .select_related("brand")
        .prefetch_related("teams"),
    }
    return render(request, "accounts/settings/members.html", values)


def _found(wanted: dict[str, str], *, after: int | None) -> list[Agent]:
    agents: QuerySet[Agent] = Agent.objects.order_by("pk").prefetch_related("teams")
    if wanted["q"]:
        agents = agents.filter(Q(name__icontains=wanted["q"]) | Q(email__icontains=wanted["q"].lower()))
    if wanted["role"] in Role.values:
        agents = agents.filter(role=wanted["role"])
    team_id = page_number(wanted["team"])
    if team_id:
        agents = agents.filter(teams=team_id)
    if after:
        agents = agents.filter(pk__gt=after)
    enrolled = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return list(agents.annotate(has_second_factor=Exists(enrolled))[: SHOWN + 1])


def last_sign_ins(agents: list[Agent]) -> dict[int, datetime]:
    """When each of them signed in last, as the journal has it; one query."""
    entries = Entry.objects.filter(kind=AgentSignedIn.kind, actor_id__in=[agent.pk for agent in agents])
    return dict(entries.values_list("actor_id").annotate(at=Max("recorded_at")))


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("members")
@proven_again
def member(request: HttpRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=pk)
    if request.method != "POST":
        return _page(request, agent)
    role = request.POST.get("role", "")
    team_ids = {one for raw in request.POST.getlist("teams") if (one := page_number(raw))}
    teams = list(Team.objects.filter(pk__in=team_ids))
    if role not in Role.values:
        return _page(request, agent, problem=gettext("Choose a role."), status=422)
    knowledge = request.POST.get("knowledge", agent.knowledge)
    if knowledge not in Knowledge.values:
        return _page(request, agent, problem=gettext("Choose what they do for the help centre."), status=422)
    typed = {"role": role, "team_ids": {team.pk for team in teams}, "knowledge": knowledge}
    try:
        change_agent(
            agent=agent,
            role=Role(role),
            teams=teams,
            knowledge=Knowledge(knowledge),
            by=agent_of_page(request),
            seen=seen_in(request),
        )
    except ChangedMeanwhile as changed:
        return _page(request, agent, typed=typed, conflict=changed, status=409)
    except (LastAdmin, HasLeft) as refused:
        return _page(request, agent, typed=typed, problem=_why(refused), status=422)
    messages.success(
        request,
        gettext("Saved. It holds within a few seconds, also where they are signed in."),
        extra_tags="ok",
    )
    return redirect("settings:member", pk=pk)


def _why(refused: LastAdmin | HasLeft) -> str:
    if isinstance(refused, LastAdmin):
        return gettext("This is the last admin. Make somebody else an admin first.")
    return gettext("This account is closed.")


def close(agent: Agent, by: Agent) -> str:
    close_agent(agent=agent, by=by)
    return gettext("The account is closed. No way in works any more.")


def reset(agent: Agent, by: Agent) -> str:
    reset_second_factor(agent=agent, by=by)
    return gettext("The second factor is gone; the next sign-in leads to a new one.")


def end_sessions(agent: Agent, by: Agent) -> str:
    end_agent_sessions(agent=agent, by=by)
    return gettext("They are signed out everywhere.")


def revoke_tokens(agent: Agent, by: Agent) -> str:
    revoke_tokens_of(agent=agent, by=by)
    return gettext("Their tokens open nothing any more.")


DANGERS: dict[str, Callable[[Agent, Agent], str]] = {
    "close": close,
    "second-factor": reset,
    "sessions": end_sessions,
    "tokens": revoke_tokens,
}


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("members")
@proven_again
def danger(request: HttpRequest, pk: str, verb: str) -> HttpResponse:
    """Asks once, then does what can't be undone: close the account, take the second factor, end sessions or tokens."""
    agent = get_object_or_404(Agent, pk=int(pk))
    problem = ""
    if request.method == "POST":
        try:
            done = DANGERS[verb](agent, agent_of_page(request))
        except LastAdmin as refused:
            problem = _why(refused)
        else:
            messages.success(request, done, extra_tags="ok")
            return redirect("settings:member", pk=pk)
    values = {"agent": agent, "verb": verb, "problem": problem}
    return render(request, "accounts/settings/member_danger.html", values, status=422 if problem else 200)


@require_safe
@settings_page("members")
def member_history(request: HttpRequest, pk: int) -> HttpResponse:
    return _history(request, get_object_or_404(Agent, pk=pk))


@require_POST
@settings_page("members")
@proven_again
def member_put_back(request: HttpRequest, pk: int, revision_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=pk)
    revision = get_object_or_404(AgentRevision.objects.select_related("agent"), pk=revision_id, agent=agent)
    try:
        put_back_agent(revision=revision, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, revision.agent, conflict=changed)
    except (LastAdmin, HasLeft) as refused:
        messages.error(request, _why(refused), extra_tags="bad")
        return redirect("settings:member_history", pk=pk)
    messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect("settings:member", pk=pk)


def _history(request: HttpRequest, agent: Agent, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    teams = dict(Team.objects.values_list("pk", "name"))
    return show_history(
        request,
        about=agent.name,
        back=reverse("settings:member", args=[agent.pk]),
        revisions=AgentRevision.objects.filter(agent=agent),
        describe=lambda revision: change_of(revision, teams),
        conflict=conflict,
    )


def _page(
    request: HttpRequest,
    agent: Agent,
    *,
    typed: dict[str, Any] | None = None,
    problem: str = "",
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    last = AgentRevision.objects.filter(agent=agent).order_by("-pk").first()
    stored = {
        "role": agent.role,
        "team_ids": set(agent.teams.values_list("pk", flat=True)),
        "knowledge": agent.knowledge,
    }
    factors = Authenticator.objects.filter(user_id=agent.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    values = {
        "agent": agent,
        "is_self": agent.pk == agent_of_page(request).pk,
        "typed": typed or stored,
        "roles": roles_in_words(),
        "knowledges": knowledge_in_words(),
        "teams": _teams(),
        "problem": problem,
        "conflict": last_change(conflict.revision) if conflict else None,
        "last": last_change(last),
        "seen": last.pk if last else 0,
        "signed_in_at": last_sign_ins([agent]).get(agent.pk),
        "sessions": len(living_sessions(agent)),
        "has_second_factor": factors.exists(),
        "tokens": AgentToken.objects.living().filter(agent=agent),
        "availability": availability_in_words(agent, is_present=agent.pk in present_agents()),
    }
    return render(request, "accounts/settings/member.html", values, status=status)


def _teams() -> list[Team]:
    return list(Team.objects.select_related("brand").order_by("brand", "pk"))
