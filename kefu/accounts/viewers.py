"""Who is looking: a customer by their session, an agent by theirs. Pages and sockets both ask here.

A page of ours has the session's token in a cookie. Where cookies are blocked, as in a frame, the client keeps it itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.timezone import now

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.people.agent_tokens import AgentToken, TokenHolder, TokenScope
from kefu.accounts.people.agents import Agent
from kefu.accounts.people.customers import CustomerSession
from kefu.accounts.second_factor import has_finished
from kefu.journal.actor import Actor, customer_actor
from kefu.safety.tokens import token_hash

# Longer than any token of ours; what is longer was never given out.
LONGEST_TOKEN = 128
# How often it is noted that an agent's token is in use.
NOTED_EACH = timedelta(hours=1)


@dataclass(frozen=True)
class CustomerViewer:
    customer_id: int
    brand_id: int
    only_conversation_id: int | None = None
    session_id: int | None = None

    @cached_property
    def actor(self) -> Actor:
        return customer_actor(self.customer_id)


def customer_of(cookies: Mapping[str, str]) -> CustomerViewer | None:
    """The browser's own customer. One query; none without the cookie."""
    return customer_by(cookies.get(CUSTOMER_COOKIE, ""))


def customer_by(token: str) -> CustomerViewer | None:
    """Whose own session this is. What a private link opens has a cookie of its own, and its token is nobody's here: else
    whoever puts it in the other place would be shown what the customer has proven and chosen.
    """
    viewer = _viewer_by(token)
    return viewer if viewer and viewer.only_conversation_id is None else None


def link_holder_of(cookies: Mapping[str, str]) -> CustomerViewer | None:
    """Whoever followed a private link in this visit: they see its conversation. One query; none without the cookie."""
    holder = _viewer_by(cookies.get(LINK_COOKIE, ""))
    return holder if holder and holder.only_conversation_id is not None else None


def _viewer_by(token: str) -> CustomerViewer | None:
    if not token or not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    found = CustomerSession.objects.alive().filter(token_hash=token_hash(token))
    row = found.values_list("pk", "customer_id", "customer__brand_id", "only_conversation_id").first()
    if row is None:
        return None
    session_id, customer_id, brand_id, only_conversation_id = row
    return CustomerViewer(customer_id, brand_id, only_conversation_id, session_id)


def holder_of_agent_token(token: str) -> TokenHolder | None:
    """Whose program this is. One query, and one more an hour to note that the token is in use."""
    if not token or not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    found = AgentToken.objects.living().select_related("agent").filter(token_hash=token_hash(token)).first()
    if found is None:
        return None
    since = now() - NOTED_EACH
    if found.used_at is None or found.used_at < since:
        AgentToken.objects.filter(pk=found.pk).update(used_at=now())
    scopes = frozenset(TokenScope(one) for one in found.scopes)
    return TokenHolder(found.agent, found.pk, found.name, scopes, found.ends_at)


def agent_of(cookies: Mapping[str, str]) -> Agent | None:
    """Two queries; none without the cookie. Only an agent who has finished signing in."""
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not key or not key.isascii() or len(key) > LONGEST_TOKEN:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    agent = get_user(request)
    return agent if isinstance(agent, Agent) and has_finished(request, agent) else None
