"""Sign-in links: in place of a password, once, for ten minutes; never in place of a second factor."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.events import SignInLinkMade, SignInLinkUsed
from kefu.accounts.people.agents import Agent
from kefu.accounts.people.sign_in_links import SignInLink
from kefu.accounts.verbs.permission import require_manager
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor
from kefu.safety.tokens import new_token, token_hash


class LinkRefused(RuntimeError):
    """Unknown, used, expired, or for somebody who has left: whoever holds it learns nothing more."""


@transaction.atomic
def make_sign_in_link(*, agent: Agent, by: Agent | Actor = SYSTEM) -> str:
    """The path of a new link, shown once: its hash is kept. Raises Refused; LinkRefused for who has left."""
    actor = require_manager(by)
    if not agent.is_active:
        raise LinkRefused
    token = new_token()
    link = SignInLink.objects.create(agent=agent, token_hash=token_hash(token))
    record(SignInLinkMade(actor=actor, subject_id=agent.pk, link_id=link.pk))
    return reverse("sign_in_link", args=[token])


def agent_of_link(token: str) -> Agent | None:
    """Whom an unspent link would let in; looking at it doesn't spend it."""
    link = (
        SignInLink.objects.unspent()
        .filter(token_hash=token_hash(token), agent__is_active=True)
        .select_related("agent")
        .first()
    )
    return link.agent if link else None


@transaction.atomic
def use_sign_in_link(*, token: str) -> Agent:
    """Spend the link; of two at once, one wins. Raises LinkRefused."""
    hashed = token_hash(token)
    # Only the row's own columns: PostgreSQL looks at them again after waiting for another's commit, but not
    # at a subquery, which a condition on the agent would become.
    spent = SignInLink.objects.unspent().filter(token_hash=hashed).update(used_at=now())
    link = SignInLink.objects.select_related("agent").filter(token_hash=hashed).first()
    if not spent or link is None or not link.agent.is_active:
        raise LinkRefused
    record(SignInLinkUsed(actor=link.agent.actor, subject_id=link.agent_id, link_id=link.pk))
    agent: Agent = link.agent
    return agent
