"""Teams: their names and zones, who is in them, and new ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.people.agents import Agent, Team
from kefu.accounts.people.team_revisions import TeamRevision
from kefu.accounts.policy import May, Scope, allows
from kefu.accounts.settings.doors import agent_of_page, settings_page, team_to_change, teams_to_change
from kefu.accounts.settings.history import Change, compared, last_change, page_number, seen_in, show_history
from kefu.accounts.verbs.teams import TeamKeyTaken, add_team, change_team, put_back_team
from kefu.brands.models import Brand
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.zones import NAMES, offset_name, zone_called, zone_name

KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")
LONGEST_NAME = 80


@dataclass(frozen=True)
class TypedTeam:
    name: str = ""
    zone: str = "Asia/Shanghai"
    key: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, *, key: str | None = None) -> TypedTeam:
        typed = cls(
            name=" ".join(data.get("name", "").split()),
            zone=data.get("zone", "").strip(),
            key=key if key is not None else data.get("key", "").strip().lower(),
        )
        if not typed.name or len(typed.name) > LONGEST_NAME:
            typed.problems["name"] = gettext("Write a name of at most %(longest)s characters.") % {
                "longest": LONGEST_NAME
            }
        if zone_called(typed.zone) is None:
            typed.problems["zone"] = gettext(
                "Choose a zone from the list, or write its name, for instance Asia/Tokyo."
            )
        if key is None and not KEY.fullmatch(typed.key):
            typed.problems["key"] = gettext("Use 2 to 30 small letters, digits and hyphens.")
        return typed


@require_safe
@settings_page("teams")
def teams(request: HttpRequest) -> HttpResponse:
    agent = agent_of_page(request)
    found = teams_to_change(agent)
    counted = Team.objects.filter(pk__in=[team.pk for team in found]).annotate(
        members=Count("agents", filter=Q(agents__is_active=True))
    )
    members = dict(counted.values_list("pk", "members"))
    rows = [{"team": team, "members": members[team.pk], "zone": _zone_words(team.zone)} for team in found]
    values = {
        "rows": rows,
        "brands": _brands(agent),
        "many_brands": len({team.brand_id for team in found}) > 1,
    }
    return render(request, "accounts/settings/teams.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("teams")
def new(request: HttpRequest) -> HttpResponse:
    brands = _brands(agent_of_page(request))
    named = page_number(request.POST.get("brand") or request.GET.get("brand"))
    brand = next((one for one in brands if named in {None, one.pk}), None)
    if brand is None:
        raise Http404
    if request.method != "POST":
        return _form(request, None, TypedTeam(zone=brand.zone), brand=brand)
    typed = TypedTeam.read(request.POST)
    if not typed.problems:
        try:
            add_team(brand=brand, key=typed.key, name=typed.name, zone=typed.zone, by=agent_of_page(request))
        except TeamKeyTaken:
            typed.problems["key"] = gettext("Another team has this short name.")
    if typed.problems:
        return _form(request, None, typed, brand=brand, status=422)
    messages.success(
        request, gettext("The team is there. Give it hours, members and a topic."), extra_tags="ok"
    )
    return redirect("settings:teams")


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("teams")
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    one = team_to_change(request, team_id)
    if request.method != "POST":
        return _form(request, one, TypedTeam(one.name, one.zone, one.key), brand=one.brand)
    typed = TypedTeam.read(request.POST, key=one.key)
    if typed.problems:
        return _form(request, one, typed, brand=one.brand, status=422)
    try:
        change_team(
            team=one, name=typed.name, zone=typed.zone, by=agent_of_page(request), seen=seen_in(request)
        )
    except ChangedMeanwhile as changed:
        return _form(request, one, typed, brand=one.brand, conflict=changed, status=409)
    messages.success(request, gettext("The team is saved."), extra_tags="ok")
    return redirect("settings:team", team_id=one.pk)


@require_safe
@settings_page("teams")
def history(request: HttpRequest, team_id: int) -> HttpResponse:
    return _history(request, team_to_change(request, team_id))


@require_POST
@settings_page("teams")
def put_back(request: HttpRequest, team_id: int, pk: int) -> HttpResponse:
    one = team_to_change(request, team_id)
    revision = get_object_or_404(TeamRevision.objects.select_related("team"), pk=pk, team=one)
    try:
        put_back_team(revision=revision, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, one, conflict=changed)
    messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect("settings:team", team_id=one.pk)


def _history(request: HttpRequest, one: Team, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    return show_history(
        request,
        about=one.name,
        back=reverse("settings:team", args=[one.pk]),
        revisions=TeamRevision.objects.filter(team=one),
        describe=change_of,
        conflict=conflict,
    )


def change_of(revision: TeamRevision) -> Change:
    def parts(written: dict[str, str]) -> dict[str, str]:
        if not written:
            return {}
        return {gettext("Name"): written["name"], gettext("Time zone"): _zone_words(written["zone"])}

    url = reverse("settings:team_put_back", args=[revision.team_id, revision.pk]) if revision.before else ""
    return Change(gettext("Name and zone"), compared(parts(revision.before), parts(revision.after)), url)


def _form(
    request: HttpRequest,
    one: Team | None,
    typed: TypedTeam,
    *,
    brand: Brand,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    last = TeamRevision.objects.filter(team=one).order_by("-pk").first() if one else None
    stale = request.method == "POST" and not conflict
    values = {
        "team": one,
        "brand": brand,
        "typed": typed,
        "zones": [(key, _zone_words(key)) for key in NAMES],
        "zone_is_listed": typed.zone in NAMES,
        "members": list(one.agents.filter(is_active=True).order_by("name", "pk")) if one else [],
        "may_manage": allows(agent_of_page(request), May.MANAGE_AGENTS),
        "last": last_change(last),
        "seen": seen_in(request) if stale else (last.pk if last else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "action": reverse("settings:team", args=[one.pk]) if one else reverse("settings:team_new"),
        "history_url": reverse("settings:team_history", args=[one.pk]) if one else "",
    }
    return render(request, "accounts/settings/team.html", values, status=status)


def _zone_words(key: str) -> str:
    zone = zone_called(key)
    return f"{zone_name(zone, now())} · {offset_name(zone, now())}" if zone else key


def _brands(agent: Agent) -> list[Brand]:
    """Where this agent may add teams."""
    return [
        brand for brand in Brand.objects.order_by("pk") if allows(agent, May.CHANGE_SETTINGS, Scope(brand.pk))
    ]
