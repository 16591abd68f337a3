"""Which facts letters follow from at all; nothing else makes the worker write."""

from __future__ import annotations

import pytest

from kefu.journal.models import Entry
from kefu.mailroom.notices import FOLLOWED, concerns


@pytest.mark.parametrize(
    ("actor", "customer_seq", "does"),
    [("agent", 3, True), ("agent", None, False), ("customer", 3, False), ("system", 3, False)],
)
def test_of_what_is_said_only_our_answers_concern_letters(actor, customer_seq, does):
    said = Entry(kind="conversation.message", actor_kind=actor, customer_seq=customer_seq)

    assert concerns(said) is does


def test_every_other_fact_that_is_followed_concerns_them():
    others = [Entry(kind=kind, actor_kind="customer") for kind in FOLLOWED if kind != "conversation.message"]

    assert all(concerns(entry) for entry in others)
    assert len(others) > 5
