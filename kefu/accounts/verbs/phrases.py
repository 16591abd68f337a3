"""A customer's own anti-phishing phrase: it stands in every letter of ours, and a forger does not know it."""

from __future__ import annotations

from django.db import transaction

from kefu.accounts.events import PhraseChosen
from kefu.accounts.people.customers import Customer, Level
from kefu.accounts.policy import May, Scope, require
from kefu.accounts.viewers import CustomerViewer
from kefu.journal.actions import record
from kefu.safety.guard import guard

SHORTEST, LONGEST = 4, 40


class NoPhrase(ValueError):
    """It can't be a phrase; `reason` is too_short, too_long or secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotProven(RuntimeError):
    """Whoever has proven no address could give a phrase to somebody else's letters."""


@transaction.atomic
def choose_phrase(*, viewer: CustomerViewer, phrase: str) -> None:
    """Keep the phrase, encrypted; "" takes it away. Raises NoPhrase, NotProven."""
    require(viewer, May.CHOOSE_PHRASE, Scope(viewer.brand_id))
    words = " ".join(phrase.split())
    require_phrase(words)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=viewer.customer_id)
    if customer.level < Level.PROVEN:
        raise NotProven
    if customer.phrase == words:
        return
    customer.phrase = words
    customer.save(update_fields=["phrase"])
    record(PhraseChosen(actor=viewer.actor, brand_id=viewer.brand_id, subject_id=customer.pk))


def require_phrase(words: str) -> None:
    """Raises NoPhrase; "" is no phrase and allowed."""
    if not words:
        return
    if len(words) < SHORTEST:
        raise NoPhrase("too_short")
    if len(words) > LONGEST:
        raise NoPhrase("too_long")
    # It is sent by mail, so a password or a recovery phrase is the last thing that it may be.
    if guard(words).found or not words.isprintable():
        raise NoPhrase("secret")
