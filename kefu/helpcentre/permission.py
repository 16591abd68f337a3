"""Asking the policy about articles: an agent, a program by an agent's token, or the operator at the console."""

from __future__ import annotations

from kefu.accounts.models import Agent, TokenHolder
from kefu.accounts.policy import May, Scope, allows, require
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM, Actor

Author = Agent | TokenHolder | Actor


def require_author(by: Author, verb: May, brand_id: int) -> Actor:
    """Whoever may do this to articles of the brand, or the system itself; raises Refused."""
    if by == SYSTEM:
        return SYSTEM
    who = None if isinstance(by, Actor) else by
    require(who, verb, Scope(brand_id))
    return by if isinstance(by, Actor) else by.actor


def may_write(agent: Agent, brand: Brand) -> bool:
    return allows(agent, May.EDIT_ARTICLES, Scope(brand.pk))
