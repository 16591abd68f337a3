"""The tracer's page where people type, click or wait oddly: a sentence or the same case, and never a broken page."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.test import Client

from kefu.cases.models import CaseFile
from kefu.cases.tests.test_deposit_page import (
    CHAIN,
    FORM,
    PAGE,
    SEED,
    TRON_ADDRESS,
    TXID,
    Telling,
    escape_free,
    text_of,
    trace,
    vouched,
)
from kefu.conversations.tests.factories import House, make_house
from kefu.conversations.verbs import opening
from kefu.exchange import ledger, turns
from kefu.exchange.chains.tests.test_txids import SECRETS
from kefu.exchange.ledger import InAccount, LedgerSource, Question, Standing, Traced, Unavailable
from kefu.exchange.turns import Turns
from kefu.journal.models import Entry
from kefu.livechat.tests.factories import sign_in
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    source = Telling(Traced(chain=CHAIN))
    monkeypatch.setattr(ledger, "_stand_in", [source])
    return source


def test_a_form_for_deposits_is_no_way_around_how_many_strangers_get_a_letter(
    client, house, telling, monkeypatch
):
    monkeypatch.setattr(opening, "CONFIRMED", Limit("one", 1, timedelta(days=1)))

    for number in range(2):
        form = {"do": "file", "client_id": f"form-{number:08d}", "email": f"stranger{number}@mail.example"}
        assert trace(Client(), **form).status_code == 302

    opened = Entry.objects.filter(kind="conversation.opened").order_by("pk")
    assert [entry.payload["is_unconfirmed"] for entry in opened] == [False, True]


@pytest.mark.parametrize("coin", ["USDT", "OTHER"])
def test_what_only_looks_like_an_address_can_be_filed(client, house, telling, coin):
    odd = TRON_ADDRESS[:-1] + "u"

    assert "looks like an address" in text_of(trace(client, coin=coin, network="", txid=odd))
    assert (
        trace(
            client, coin=coin, network="", txid=odd, do="file", is_txid="1", client_id="c1234567"
        ).status_code
        == 302
    )


def test_sending_again_is_the_same_case_whatever_the_ledger_says_by_then(client, house, telling):
    telling.traced = None
    filed = {"network": "", "do": "file", "is_txid": "1", "client_id": "form-00000001"}
    first = trace(client, **filed)
    telling.traced = Traced(chain=CHAIN)
    again = trace(client, **filed)

    assert (first.status_code, again.status_code) == (302, 302)
    assert CaseFile.objects.count() == 1


def test_no_network_is_asked_that_the_coin_is_not_on(client, house, telling):
    trace(client, coin="ETH", network="", txid=TXID)
    trace(client, coin="BTC", network="", txid="0x" + TXID)

    assert [(one.network, one.txid) for one in telling.asked] == [("ethereum", f"0x{TXID}")]


@pytest.mark.parametrize("name", ["txid", "address", "memo"])
def test_what_grows_when_it_is_normalised_breaks_nothing(client, house, telling, name):
    grown = {"txid": TXID, "coin": "OTHER", "network": "", name: "\ufdfa" * 60}

    assert trace(client, **grown, do="file", is_txid="1").status_code in {302, 400}


def test_a_memo_full_of_secrets_breaks_nothing(client, house, telling):
    assert trace(client, memo="pin:ab1! " * 55, do="file", is_txid="1").status_code == 302


@pytest.mark.parametrize("name", ["when", "email", "zone", "memo"])
def test_a_phrase_in_any_other_box_is_not_shown_again(client, house, telling, name):
    assert "sausage" not in trace(client, **{name: SEED}).content.decode()


def test_a_value_that_is_no_address_of_solana_is_told_without_a_checksum(client, house):
    asked = {"coin": "SOL", "network": "solana", "address": "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DAA"}

    assert "checksum" not in client.post(f"{PAGE}address/", asked).json()["text"]


@pytest.mark.parametrize("name", ["txid", "address"])
@pytest.mark.parametrize(
    "secret", [one for name, one in SECRETS.items() if "Litecoin" in name or "Dogecoin" in name]
)
def test_a_key_of_any_of_our_coins_is_refused_in_either_box(client, house, telling, name, secret):
    response = trace(
        client, **{name: secret, "coin": "LTC", "network": "litecoin", "do": "file", "is_txid": "1"}
    )

    assert response.status_code == 400
    assert "may be a private key or a recovery phrase" in text_of(response)
    assert secret not in response.content.decode()
    assert not CaseFile.objects.exists()


@pytest.mark.parametrize(
    "value", [TXID, TXID.upper(), f"0x{TXID}", f"https://tronscan.org/#/transaction/{TXID}"]
)
@pytest.mark.parametrize("do", ["trace", "file"])
def test_what_may_be_a_txid_or_a_key_is_never_taken_as_an_address(client, house, telling, value, do):
    response = trace(client, address=value, do=do, is_txid="1")

    assert response.status_code == 400
    assert "so it is not taken as an address. A TxID belongs in the box above." in text_of(response)
    assert value.rpartition("/")[2] in response.content.decode()
    assert telling.asked == []
    assert not CaseFile.objects.exists()


def test_who_is_not_sure_of_the_network_hears_of_a_slip_and_may_send_all_the_same(client, house, telling):
    odd = {"coin": "USDT", "network": "", "address": TRON_ADDRESS[:-1] + "u"}

    said = client.post(f"{PAGE}address/", odd).json()

    assert (said["tone"], said["key"]) == ("care", "typo")
    assert "looks like an address of TRON (TRC20) with a slip in it" in said["text"]
    assert trace(client, **odd, do="file", is_txid="1").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("numbers", [*product([None, Decimal("0.0001")], [None, Decimal("0.001")])])
def test_numbers_that_the_ledger_does_not_tell_leave_no_hole(client, house, telling, language, numbers):
    amount, minimum = numbers
    account = InAccount(user_id="700231", standing=Standing.BELOW_MINIMUM, amount=amount, minimum=minimum)
    telling.traced = Traced(chain=CHAIN, account=account)
    sign_in(client, vouched(house, "700231"))

    page = client.post(f"/{language}/tools/deposit/", FORM).content.decode()
    said = page[page.index('id="answer"') : page.index("trace-steps")]

    assert ("0.0001" in said, "0.001 " in said) == (amount is not None, minimum is not None)
    # Two blanks stand where a number is missing.
    assert "  USDT" not in said
    assert "None" not in said


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_check_without_a_code_leaves_no_empty_brackets(client, house, telling, language):
    telling.traced = Traced(chain=CHAIN, account=InAccount(user_id="700231", standing=Standing.HELD))
    sign_in(client, vouched(house, "700231"))

    page = client.post(f"/{language}/tools/deposit/", FORM).content.decode()

    assert 'id="answer-title"' in page
    assert "()" not in page
    assert "（）" not in page


def test_an_answer_of_another_shape_is_no_broken_page(client, house, telling):
    telling.traced = Traced(chain=replace(CHAIN, confirmations="1", needed=None))

    response = trace(client)

    assert response.status_code == 200
    assert "It can't be looked up just now" in escape_free(response)


class Behind(LedgerSource):
    """Its node is behind, and it may know for how long."""

    def __init__(self, retry_after: timedelta | None) -> None:
        self.retry_after = retry_after

    def trace(self, question: Question) -> Traced | None:  # noqa: ARG002 - the contract's signature
        raise Unavailable(self.retry_after)


@pytest.mark.parametrize(
    ("retry_after", "language", "says"),
    [
        (None, "en", "Look again in a few minutes, or open a case"),
        (timedelta(0), "en", "Look again in a few minutes, or open a case"),
        (timedelta(seconds=-5), "en", "Look again in about 1 minute, or open a case"),
        (timedelta(seconds=45), "en", "Look again in about 1 minute, or open a case"),
        (timedelta(minutes=4, seconds=1), "en", "Look again in about 5 minutes, or open a case"),
        (timedelta(minutes=61), "en", "Look again in about 2 hours, or open a case"),
        (timedelta(minutes=5), "zh-hans", "大约 5 分钟后再查"),
        (timedelta(minutes=5), "zh-hant", "大約 5 分鐘後再查"),
    ],
)
@pytest.mark.usefixtures("house")
def test_when_a_ledger_knows_how_long_it_is_silent_the_customer_hears_it(
    client, monkeypatch, retry_after, language, says
):
    monkeypatch.setattr(ledger, "_stand_in", [Behind(retry_after)])

    assert says in text_of(client.post(PAGE.replace("/en/", f"/{language}/"), FORM))


def test_where_too_many_ask_nobody_hears_that_the_ledger_is_silent(client, house, telling, monkeypatch):
    monkeypatch.setattr(ledger, "_turns", Turns())
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.01)
    with ExitStack() as others:
        for _ in range(turns.AT_ONCE):
            others.enter_context(ledger._turns.turn())
        said = text_of(trace(client))
        refused = trace(client, do="file")

    assert "Many are looking just now" in said
    assert "Please try again in a moment." in said
    assert TXID in refused.content.decode()
    assert "Confirm that this is a TxID" in text_of(refused)
    assert "Complete on the chain" in text_of(trace(client))
