"""Pages whose address is a key: whoever has it comes in, so it goes nowhere else, whatever becomes of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
# Where a form is sent from the page, its Origin must be told; "no-referrer" would make it null.
ReferrerPolicy = Literal["no-referrer", "strict-origin"]


def address_is_secret(policy: ReferrerPolicy) -> Callable[[View], View]:
    """Marks a view, outermost. The headers are set by a middleware, also where the view is never reached or fails."""

    def decorate(view: View) -> View:
        view.referrer_policy = policy  # type: ignore[attr-defined]
        return view

    return decorate


def secret_policy(request: HttpRequest) -> str | None:
    """The Referrer-Policy of the view that this address leads to, if the address is secret."""
    match = request.resolver_match
    return getattr(match.func, "referrer_policy", None) if match else None
