"""Sign-in links: looking shows a page with one button, so that a previewer doesn't spend the link."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from kefu.accounts.actions import LinkRefused, use_sign_in_link
from kefu.accounts.people.agents import Agent
from kefu.accounts.verbs.sign_in_links import agent_of_link
from kefu.ui.secret_address import address_is_secret


@address_is_secret("strict-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("token")
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    return _use(request, token) if request.method == "POST" else _show(request, token)


def enter_by_link(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Go on as this agent, who has proved no more than that the link was theirs."""
    # Whoever was signed in here goes first, so that nothing that they proved counts for the next.
    get_adapter(request).logout(request)
    record_authentication(request, agent, "link")
    request.session.set_expiry(0)
    response: HttpResponse = perform_login(
        request, Login(user=agent, redirect_url=settings.LOGIN_REDIRECT_URL)
    )
    return response


def _show(request: HttpRequest, token: str) -> HttpResponse:
    agent = agent_of_link(token)
    if agent is None:
        return _spent(request)
    return render(request, "accounts/sign_in_link.html", {"agent": agent})


def _use(request: HttpRequest, token: str) -> HttpResponse:
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if too_many:
        return too_many
    try:
        agent = use_sign_in_link(token=token)
    except LinkRefused:
        return _spent(request)
    return enter_by_link(request, agent)


def _spent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_in_link_spent.html", status=410)
