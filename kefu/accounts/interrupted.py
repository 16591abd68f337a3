"""Forms that were sent when their sender had to prove again that it is them: sealed until then, and done after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.http import urlencode

from kefu.safety.keyring import Unreadable, ring

CONTEXT = "accounts.interrupted"


class ProvenAgain:
    """Stands behind the library's middleware, which would write passwords and cookies into the session's row."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to the page that asks for a proof; what is typed as a secret is typed again after it."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        path = request.get_full_path()
        if request.method == "POST" and not hasattr(request, "sensitive_post_parameters"):
            request.session[STATE_SESSION_KEY] = {
                "callback": f"{__name__}.{resume.__name__}",
                "state": {"path": path, "sealed": _sealed(request)},
            }
        else:
            _forget(request, path)
        methods = get_adapter().get_reauthentication_methods(request.user)
        page = methods[0]["url"] if methods else reverse("account_login")
        return HttpResponseRedirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: path})}")


def resume(request: HttpRequest, state: dict[str, str]) -> HttpResponseBase | None:
    """The library calls this after the proof. Only who goes on where they were has their form done."""
    wanted = get_next_redirect_url(request)
    if not wanted:
        return None
    form = _unsealed(state["sealed"]) if wanted == state["path"] else None
    if form is None:
        return HttpResponseRedirect(wanted)
    request.method = "POST"
    request.path, request.path_info = form["path"], form["path_info"]
    request.GET, request.POST = QueryDict(form["query"]), QueryDict(form["typed"])
    request.META |= {"PATH_INFO": form["path_info"], "QUERY_STRING": form["query"]}
    found = resolve(request.path_info)
    response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return response


def _forget(request: HttpRequest, path: str) -> None:
    """Whoever comes anew to a page has given up what they once sent to it."""
    waiting = request.session.get(STATE_SESSION_KEY) or {}
    if (waiting.get("state") or {}).get("path") == path:
        del request.session[STATE_SESSION_KEY]


def _sealed(request: HttpRequest) -> str:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    form = {
        "path": request.path,
        "path_info": request.path_info,
        "query": request.META.get("QUERY_STRING", ""),
        "typed": typed.urlencode(),
    }
    return ring().encrypt(json.dumps(form), context=CONTEXT)


def _unsealed(sealed: str) -> dict[str, Any] | None:
    """None if the keys were turned meanwhile."""
    try:
        form: dict[str, Any] = json.loads(ring().decrypt(sealed, context=CONTEXT))
    except Unreadable:
        return None
    return form
