from __future__ import annotations

import pytest

from kefu.demo.host.people import USERS
from kefu.demo.ledger import Ledger
from kefu.exchange.chains.checks import check_txid
from kefu.exchange.chains.findings import Verdict
from kefu.exchange.ledger import Question, Standing, Unavailable
from kefu.exchange.tests.ledger_contract import LedgerContract

LEDGER = Ledger()
EXAMPLES = LEDGER.examples()


def _question(number: int, **changes: str) -> Question:
    one = EXAMPLES[number]
    values = {"coin": one.coin, "network": one.network, "txid": one.txid} | changes
    return Question(brand="xinghai", **values)


class TestLedger(LedgerContract):
    source = LEDGER
    known = _question(0)
    unknown = _question(0, txid="ab" * 32)


def test_every_example_is_written_as_its_network_writes_it_and_told_in_each_language() -> None:
    for one in EXAMPLES:
        finding = check_txid(one.txid, coin=one.coin, network=one.network)

        assert (finding.verdict, finding.value) == (Verdict.VALID, one.txid)
        assert set(one.labels) == {"zh-hans", "zh-hant", "en"}


def test_every_standing_of_a_deposit_can_be_tried() -> None:
    told = []
    for number in range(len(EXAMPLES) - 1):
        traced = LEDGER.trace(_question(number))
        assert traced is not None
        told.append(traced.account)

    assert {one.standing for one in told if one} == set(Standing)
    assert {one.user_id for one in told if one} <= {user.user_id for user in USERS}
    assert None in told


def test_the_last_example_is_an_outage() -> None:
    with pytest.raises(Unavailable):
        LEDGER.trace(_question(len(EXAMPLES) - 1))


def test_a_transaction_is_found_over_whatever_network_somebody_asks() -> None:
    bsc = next(number for number, one in enumerate(EXAMPLES) if one.network == "bsc")
    traced = LEDGER.trace(_question(bsc, network="ethereum"))

    assert traced is not None
    assert traced.chain.network == "bsc"
