"""A session's token sent along by the client itself (RFC 6750): in frames, where the browser keeps no cookies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from kefu.accounts.people.agent_tokens import TokenHolder
from kefu.accounts.viewers import CustomerViewer, customer_by, holder_of_agent_token
from kefu.safety.limits import Limit, take
from kefu.safety.networks import network_of
from kefu.safety.tokens import token_hash

SCHEME = "bearer"
# Nobody guesses 256 bits; this tells a client that asks again and again with an ended session to wait. Many users share one
# address, an office's for example, and each has a token of their own: they don't wait for each other.
WRONG_TOKEN = Limit("accounts.bearer.wrong", 60, timedelta(minutes=10))
# Whoever tries out token after token; a whole office whose sessions ended in the same minute asks less often.
WRONG_TOKENS = Limit("accounts.bearer.wrong.network", 3000, timedelta(minutes=10))
# Hex digits of the token's hash: those of one network share 4,096 counters, so that invented ones fill no table.
COUNTED_BY = 3


def bearer_in(authorization: str) -> str | None:
    """The token of an Authorization header; None if it has another scheme or there is none."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None


def holder_of(token: str, *, brand_id: int | None, address: str) -> CustomerViewer | None:
    """The customer of that brand whose token it is. None is counted, by address and token; too many raise TooMany."""
    viewer = customer_by(token)
    if viewer is not None and viewer.brand_id == brand_id:
        return viewer
    count_wrong_token(token, address=address)
    return None


def agent_behind(token: str, *, address: str) -> TokenHolder | None:
    """The agent whose program sends it, within its scopes. None is counted as above; too many raise TooMany."""
    holder = holder_of_agent_token(token)
    if holder is None:
        count_wrong_token(token, address=address)
    return holder


def count_wrong_token(token: str, *, address: str) -> None:
    network = network_of(address)
    # Whoever is told to wait counts no further, so that one broken client does not use up what all have.
    take(WRONG_TOKEN, f"{network} {token_hash(token)[:COUNTED_BY]}")
    take(WRONG_TOKENS, network)


def bearer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who sends a token is known by it alone: the request's cookies are as if they had not been sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = bearer_in(request.headers.get("Authorization", ""))
        request.bearer = token  # type: ignore[attr-defined]
        if token is not None:
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return get_response(request)

    return middleware
