"""Pages for agents only: who has not finished signing in is led to where they can."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import is_enrolled
from kefu.ui.zones import zone_called

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], R]


def staff_only(view: View[P, R]) -> View[P, R | HttpResponseBase]:
    """The view has `request.agent`, their language and zone. Others go to sign in; scripts get 401 or 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponseBase:
        agent: Agent | None = request.agent  # type: ignore[attr-defined]
        if agent is None:
            return _way_in(request)
        speak_to(agent, request)
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return guarded


def speak_to(agent: Agent, request: HttpRequest) -> None:
    """The agent's own language and zone for the rest of this request; the middlewares of ui put them back."""
    translation.activate(agent.language)
    request.LANGUAGE_CODE = agent.language
    zone = zone_called(agent.zone)
    if zone:
        timezone.activate(zone)


def _way_in(request: HttpRequest) -> HttpResponseBase:
    user = request.user
    if not isinstance(user, Agent):
        return _answer(request, "account_login", code="signed_out", status=401)
    step = "mfa_reauthenticate" if is_enrolled(user) else "mfa_activate_totp"
    return _answer(request, step, code="second_factor", status=403)


def _answer(request: HttpRequest, page: str, *, code: str, status: int) -> HttpResponseBase:
    response: HttpResponseBase
    if _is_script(request):
        response = JsonResponse({"error": code}, status=status)
    else:
        back = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method == "GET" else {}
        response = HttpResponseRedirect(f"{reverse(page)}?{urlencode(back)}" if back else reverse(page))
    add_never_cache_headers(response)
    return response


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest") == "empty" or request.headers.get("Accept", "").startswith(
        "application/json"
    )
