"""What every ledger must keep: a platform's tests inherit this and give their own."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.ledger import LedgerSource, Question, Restriction, Standing, Traced


class LedgerContract:
    """`source` is the ledger; `known` asks about a transaction that it knows, `unknown` about none."""

    source: LedgerSource
    known: Question
    unknown: Question

    def test_what_it_knows_is_told_in_the_words_of_the_contract(self) -> None:
        traced = self.source.trace(self.known)

        assert isinstance(traced, Traced)
        assert traced.chain.network in catalogue().networks
        assert traced.chain.confirmations >= 0 < traced.chain.needed
        if traced.account:
            assert isinstance(traced.account.standing, Standing)
            assert traced.account.restriction is None or isinstance(traced.account.restriction, Restriction)

    def test_what_it_does_not_know_is_nothing(self) -> None:
        assert self.source.trace(self.unknown) is None

    def test_whoever_asks_hears_the_same_of_the_chain(self) -> None:
        told = [self.source.trace(replace(self.known, user_id=user)) for user in (None, "700231", "nobody")]

        assert len({one.chain for one in told if one}) == 1
        assert all(told)

    def test_asking_twice_changes_nothing(self) -> None:
        assert self.source.trace(self.known) == self.source.trace(self.known)

    def test_its_answers_can_not_be_changed(self) -> None:
        traced = self.source.trace(self.known)

        assert traced is not None
        with pytest.raises(FrozenInstanceError):
            traced.account = None  # type: ignore[misc]
