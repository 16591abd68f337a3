"""JSON posts come from our own pages or not at all. Chat pages hold no token, so that help pages can open it from a cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from kefu.accounts.bearer import holder_of
from kefu.livechat.problems import problem, too_many
from kefu.safety.limits import TooMany
from kefu.ui.same_origin import is_same_origin

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


def from_our_pages(view: View[Parameters]) -> View[Parameters]:
    """In place of Django's token: other sites can neither send this content type nor hide where they are."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        if not is_same_origin(request) or request.content_type != "application/json":
            return problem("refused", status=403)
        return view(request, *args, **kwargs)

    return checked


def if_known(view: View[Parameters]) -> View[Parameters]:
    """A token must be somebody's: else a client whose session has ended would go on as somebody new, in silence."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        token: str | None = request.bearer  # type: ignore[attr-defined]
        brand_id: int | None = getattr(request.brand, "pk", None)  # type: ignore[attr-defined]
        try:
            if token is not None and not holder_of(
                token, brand_id=brand_id, address=request.META.get("REMOTE_ADDR", "")
            ):
                return problem("signed_out", status=401)
        except TooMany as refusal:
            return too_many(refusal.retry_after)
        return view(request, *args, **kwargs)

    return checked
