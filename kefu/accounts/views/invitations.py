"""The page behind an invitation's link: looking at it changes nothing, so that a scanner of mail doesn't come in."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kefu.accounts.actions import AddressTaken, InvitationRefused, accept_invitation
from kefu.accounts.forms import Joining
from kefu.accounts.models import Invitation, InvitationState
from kefu.accounts.people.agents import Agent
from kefu.accounts.role_names import role_name
from kefu.accounts.verbs.invitations import opened_invitation
from kefu.accounts.views.links import enter_by_link
from kefu.ui.secret_address import address_is_secret


@address_is_secret("strict-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token")
def invitation(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    try:
        found = opened_invitation(invitation_id=pk, token=token)
        translation.activate(found.language)
        request.LANGUAGE_CODE = found.language
        return _come_in(request, found, token) if request.method == "POST" else _show(request, found)
    except InvitationRefused as refusal:
        return _over(request, refusal.state)
    except AddressTaken:
        return _over(request, InvitationState.ACCEPTED)


def _show(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = Joining(agent=_somebody(found), initial={"name": found.name, "language": found.language})
    return _page(request, found, form)


def _come_in(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if too_many:
        return too_many
    form = Joining(request.POST, agent=_somebody(found))
    if not form.is_valid():
        return _page(request, found, form)
    said = form.cleaned_data
    agent = accept_invitation(
        invitation_id=found.pk,
        token=token,
        name=said["name"],
        password=said["password"],
        language=said["language"],
    )
    return enter_by_link(request, agent)


def _page(request: HttpRequest, found: Invitation, form: Joining) -> HttpResponse:
    values = {"form": form, "invitation": found, "role": role_name(found.role), "teams": found.teams.all()}
    return render(request, "accounts/invitation.html", values, status=422 if form.is_bound else 200)


def _over(request: HttpRequest, state: InvitationState | None) -> HttpResponse:
    return render(request, "accounts/invitation_over.html", {"state": state}, status=410)


def _somebody(found: Invitation) -> Agent:
    """Whom a new password must not resemble."""
    return Agent(email=found.email, name=found.name)
