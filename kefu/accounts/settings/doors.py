"""Who comes in: the decorator of every settings page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from kefu.accounts.people.agents import Agent, Team
from kefu.accounts.policy import May, Refused, allows, require
from kefu.accounts.settings.registry import page_called
from kefu.accounts.staff import staff_only

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def settings_page(key: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """For agents who are offered this page; the frame reads `request.settings_page`."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            page = page_called(key)
            if not page.opens_for(agent_of_page(request)):
                raise Refused(May.CHANGE_SETTINGS)
            request.settings_page = page  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return staff_only(guarded)

    return decorate


def proven_again(view: View[P]) -> View[P]:
    """Whoever is about to do something dangerous proves first that it is them; what they posted is done after that."""
    return cast("View[P]", reauthentication_required(app="kefu.accounts")(view))


def agent_of_page(request: HttpRequest) -> Agent:
    agent: Agent = request.agent  # type: ignore[attr-defined]
    return agent


def teams_to_change(agent: Agent) -> list[Team]:
    """Teams whose settings this agent may change, those of one brand together."""
    teams = agent.visible_teams().select_related("brand").order_by("brand", "pk")
    return [team for team in teams if allows(agent, May.CHANGE_SETTINGS, team)]


def team_to_change(request: HttpRequest, team_id: int) -> Team:
    """Raises Http404 for a team that the agent doesn't see, Refused for one that they may not change."""
    agent = agent_of_page(request)
    team: Team = get_object_or_404(agent.visible_teams().select_related("brand"), pk=team_id)
    require(agent, May.CHANGE_SETTINGS, team)
    return team
