"""A forgotten password: the same answer for every address, and a link that is asked twice before it does anything."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from kefu.accounts.actions import ResetRefused, ask_for_password_reset, reset_password
from kefu.accounts.announcing import can_announce
from kefu.accounts.forms import Forgotten, NewPassword
from kefu.accounts.people.agents import Agent
from kefu.accounts.verbs.password_resets import agent_of_reset
from kefu.brands.models import Brand
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of
from kefu.ui.secret_address import address_is_secret

TO_ADDRESS = Limit("accounts.reset.to_address", times=3, per=timedelta(hours=1))
FROM_NETWORK = Limit("accounts.reset.from_network", times=10, per=timedelta(hours=1))
TRIES = Limit("accounts.reset.tries", times=30, per=timedelta(hours=1))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def password_forgotten(request: HttpRequest) -> HttpResponse:
    brand = _brand(request)
    if not can_announce(brand):
        return render(request, "accounts/forgotten.html", {"can_write": False})
    form = Forgotten(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, form, status=422 if form.is_bound else 200)
    try:
        take(FROM_NETWORK, _network(request))
        take(TO_ADDRESS, form.cleaned_data["email"])
    except TooMany:
        return _ask(request, form, status=429, is_too_many=True)
    ask_for_password_reset(email=form.cleaned_data["email"], brand=brand)
    return redirect("password_letter_sent")


@require_safe
@never_cache
def password_letter_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/letter_sent.html")


@address_is_secret("strict-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token")
def new_password(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    try:
        agent = agent_of_reset(reset_id=pk, token=token)
        translation.activate(agent.language)
        request.LANGUAGE_CODE = agent.language
        return _choose(request, agent, pk, token)
    except ResetRefused:
        return render(request, "accounts/reset_over.html", status=410)


def _choose(request: HttpRequest, agent: Agent, pk: int, token: str) -> HttpResponse:
    form = NewPassword(request.POST if request.method == "POST" else None, agent=agent)
    values = {"form": form, "agent": agent}
    if not form.is_valid():
        return render(request, "accounts/new_password.html", values, status=422 if form.is_bound else 200)
    try:
        take(TRIES, _network(request))
    except TooMany:
        return render(request, "429.html", status=429)
    agent = reset_password(reset_id=pk, token=token, password=form.cleaned_data["password"])
    get_adapter(request).forget_failed_sign_ins(request, agent)
    return render(request, "accounts/password_replaced.html")


def _ask(request: HttpRequest, form: Forgotten, *, status: int, is_too_many: bool = False) -> HttpResponse:
    values = {"form": form, "can_write": True, "is_too_many": is_too_many}
    return render(request, "accounts/forgotten.html", values, status=status)


def _network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand
