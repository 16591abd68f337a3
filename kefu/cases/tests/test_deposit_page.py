"""The tracer's page: checks, answers, and who hears what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from kefu.accounts.models import Customer, Identity, IdentityKind, Level
from kefu.accounts.people.customers import IdentityReason
from kefu.cases.models import CaseFile
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.exchange import ledger
from kefu.exchange.ledger import InAccount, LedgerSource, OnChain, Question, Restriction, Standing, Traced
from kefu.livechat.tests.factories import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/en/tools/deposit/"
TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
TRON_ADDRESS = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
FORM = {"coin": "USDT", "network": "tron", "txid": TXID, "do": "trace"}
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CHAIN = OnChain(network="tron", confirmations=30, needed=20)
ACCOUNT = InAccount(user_id="700231", standing=Standing.HELD, restriction=Restriction.DEPOSIT_CHECK)


class Telling(LedgerSource):
    """Answers every question alike and remembers who asked."""

    def __init__(self, traced: Traced | None) -> None:
        self.traced = traced
        self.asked: list[Question] = []

    def trace(self, question: Question) -> Traced | None:
        self.asked.append(question)
        return self.traced


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    source = Telling(Traced(chain=CHAIN, account=ACCOUNT))
    monkeypatch.setattr(ledger, "_stand_in", [source])
    return source


def vouched(house: House, user_id: str, level: Level = Level.VOUCHED) -> Customer:
    customer = Customer.objects.create(brand=house.brand, level=level)
    Identity.objects.create(
        customer=customer,
        kind=IdentityKind.PLATFORM,
        value=user_id,
        value_hash=f"{user_id:0>64}"[:64],
        level=level,
        reason=IdentityReason.VOUCHED,
    )
    return customer


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def trace(client: Client, **changes: str):
    return client.post(PAGE, FORM | changes)


def test_the_page_is_there_in_every_language(client, house):
    for language in ("zh-hans", "zh-hant", "en"):
        response = client.get(f"/{language}/tools/deposit/")

        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]


def test_a_confirming_deposit_is_told_with_how_long_it_takes(client, house, telling):
    telling.traced = Traced(
        chain=replace(CHAIN, confirmations=2, expected_in=timedelta(minutes=3, seconds=10))
    )

    said = text_of(trace(client))

    assert "On its way: 2 of 20 confirmations" in said
    assert "about 4 minutes" in said


def test_without_a_time_from_the_ledger_the_usual_time_between_blocks_counts(client, house, telling):
    telling.traced = Traced(chain=OnChain(network="bitcoin", confirmations=0, needed=2))

    assert "about 20 minutes" in text_of(trace(client, coin="BTC", network="bitcoin"))


def test_an_unknown_one_is_told_and_a_case_is_offered(client, house, telling):
    telling.traced = None

    said = text_of(trace(client))

    assert "Not found on the chain" in said
    assert "Open a case" in said


def test_the_network_where_it_was_found_is_told(client, house, telling):
    telling.traced = Traced(chain=replace(CHAIN, network="ethereum"))

    assert "Found on another network: Ethereum (ERC20)" in text_of(trace(client))


def test_who_is_not_sure_is_told_without_being_corrected(client, house, telling):
    telling.traced = Traced(chain=replace(CHAIN, network="ton"))

    assert "another network" not in text_of(trace(client, network=""))


def test_without_a_ledger_it_says_so(client, house, monkeypatch):
    monkeypatch.setattr(ledger, "_stand_in", [])

    assert "This page can't look it up" in escape_free(trace(client))


def escape_free(response) -> str:
    return text_of(response).replace("&#x27;", "'")


def test_a_stranger_hears_the_same_of_somebodys_deposit_and_of_nobodys(client, house, telling):
    of_somebody = text_of(trace(client))
    telling.traced = Traced(chain=CHAIN)
    of_nobody = text_of(trace(client))

    assert "Complete on the chain" in of_somebody
    assert without_tokens(of_somebody) == without_tokens(of_nobody)
    assert "R09" not in of_somebody


def without_tokens(text: str) -> str:
    return re.sub(r"[0-9A-Za-z]{32,}", "", text)


def test_its_owner_hears_what_stands_in_the_account(client, house, telling):
    sign_in(client, vouched(house, "700231"))

    assert "held for a check (R09)" in text_of(trace(client))
    assert telling.asked[0].user_id == "700231"


def test_mallory_who_is_vouched_for_as_somebody_else_hears_nothing_of_it(client, house, telling):
    sign_in(client, vouched(house, "700905"))
    of_another = text_of(trace(client))
    telling.traced = Traced(chain=CHAIN)
    of_nobody = text_of(trace(client))

    assert "R09" not in of_another
    assert without_tokens(of_another) == without_tokens(of_nobody)


def test_an_id_that_the_platform_has_not_vouched_for_opens_nothing(client, house, telling):
    sign_in(client, vouched(house, "700231", level=Level.CLAIMED))

    assert "R09" not in text_of(trace(client))
    assert telling.asked[0].user_id is None


def test_a_ledger_that_gives_out_nobodys_account_gives_it_to_nobody(client, house, telling):
    telling.traced = Traced(chain=CHAIN, account=replace(ACCOUNT, user_id=""))

    assert "R09" not in text_of(trace(client))


def test_another_brands_customer_is_nobody_here(client, house, telling):
    elsewhere = make_house("other", "QT")
    elsewhere.brand.hosts = ["other.example"]
    elsewhere.brand.save(update_fields=["hosts"])
    sign_in(client, vouched(elsewhere, "700231"))

    assert "R09" not in text_of(trace(client))


def test_who_may_be_told_least_of_all_is_whoever_follows_a_private_link(client, house, telling):
    owner = vouched(house, "700231")
    conversation = make_conversation(house)
    Conversation.objects.filter(pk=conversation.pk).update(customer=owner)
    holder = Client()
    from kefu.accounts.actions import open_session
    from kefu.accounts.customer_cookie import LINK_COOKIE

    holder.cookies[LINK_COOKIE] = open_session(customer=owner, only_conversation_id=conversation.pk)

    assert "R09" not in text_of(trace(holder))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"txid": ""}, "Paste the TxID."),
        ({"txid": TRON_ADDRESS}, "This looks like an address, not a TxID."),
        ({"txid": TXID[:-1] + "O"}, "These characters can stand in no TxID of TRON (TRC20): O"),
        ({"coin": ""}, "Choose the coin."),
        ({"coin": "BTC"}, "BTC is not sent over TRON (TRC20)."),
        ({"address": TRON_ADDRESS[:-1] + "u"}, "its checksum is wrong"),
        ({"coin": "XRP", "network": "xrp", "memo": "4294967296"}, "No tag is larger than 4294967295."),
        ({"amount": "1.2.3"}, "Write the amount in digits"),
        ({"amount": "-5"}, "Write the amount in digits"),
        ({"coin": "XRP", "network": "xrp", "amount": "0.1234567"}, "XRP has at most 6 decimals."),
        ({"when": "2099-01-01T00:00"}, "That is in the future."),
        ({"when": "yesterday"}, "Choose day and time again."),
        ({"when": "0001-01-01T00:00", "zone": "Asia/Shanghai"}, "Choose day and time again."),
        ({"when": "2008-12-31T23:59"}, "Choose day and time again."),
        ({"when": "9999-12-31T23:59", "zone": "America/New_York"}, "That is in the future."),
        ({"amount": "0,050"}, "Write the amount in digits"),
        ({"amount": "1,250"}, "Write the amount in digits"),
        ({"amount": "0,050.5"}, "Write the amount in digits"),
        ({"email": "mei@"}, "That is not a complete e-mail address."),
    ],
)
def test_what_can_not_be_is_told_at_its_field_and_what_was_typed_stays(
    client, house, telling, changes, words
):
    response = trace(client, words="关于昨晚那笔", **changes)

    assert response.status_code == 400
    assert words in text_of(response)
    assert telling.asked == []
    for value in changes.values():
        assert value in response.content.decode()


def test_all_that_is_wrong_is_told_at_once(client, house):
    said = text_of(trace(client, coin="", txid="", email="mei@"))

    assert "Choose the coin." in said
    assert "Paste the TxID." in said
    assert "That is not a complete e-mail address." in said


@pytest.mark.parametrize("do", ["trace", "file"])
@pytest.mark.parametrize("name", ["txid", "address"])
def test_a_recovery_phrase_is_neither_asked_about_nor_shown_again_nor_kept(client, house, telling, name, do):
    response = trace(client, **{name: SEED, "do": do, "is_txid": "1"})

    assert response.status_code == 400
    assert "may be a private key or a recovery phrase" in text_of(response)
    assert "sausage" not in response.content.decode()
    assert telling.asked == []
    assert not Conversation.objects.exists()


def test_what_is_cut_short_is_told_with_its_network_and_can_be_filed_all_the_same(client, house, telling):
    cut = trace(client, txid=TXID[:40])

    assert "A TxID of TRON (TRC20) has 64 characters. This has 40" in text_of(cut)
    assert telling.asked == []
    assert trace(client, txid=TXID[:40], do="file", is_txid="1").status_code == 302


def test_an_explorers_link_is_looked_up_by_its_txid(client, house, telling):
    trace(client, txid=f"https://tronscan.org/#/transaction/{TXID.upper()}")

    assert telling.asked[0].txid == TXID


def test_another_networks_txid_is_looked_up_all_the_same(client, house, telling):
    evm = f"0x{TXID}"

    assert trace(client, txid=evm).status_code == 200
    assert (telling.asked[0].network, telling.asked[0].txid) == ("tron", evm)


def test_the_number_of_an_internal_transfer_is_not_asked_about(client, house, telling):
    said = text_of(trace(client, txid="302948571"))

    assert "This is an internal transfer" in said
    assert telling.asked == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ["\x00", "a" * 5000, "🪙" * 40, "<script>alert(1)</script>", "%s%(x)s{networks}"]
)
@pytest.mark.parametrize(
    "name", ["txid", "address", "memo", "amount", "when", "words", "email", "zone", "client_id"]
)
def test_hostile_bytes_get_an_answer_and_are_no_markup(client, house, telling, name, typed):
    response = trace(client, **{name: typed})

    assert response.status_code in {200, 400}
    assert "<script>alert" not in response.content.decode()


def test_an_address_is_checked_while_it_is_typed(client, house):
    asked = {"coin": "USDT", "network": "tron"}
    good = client.post(f"{PAGE}address/", asked | {"address": TRON_ADDRESS}).json()
    slip = client.post(f"{PAGE}address/", asked | {"address": TRON_ADDRESS[:-1] + "u"}).json()
    nothing = client.post(f"{PAGE}address/", asked | {"address": ""}).json()

    assert (good["tone"], slip["tone"], nothing) == ("good", "bad", {})
    assert "checksum is wrong" in slip["text"]


def test_who_asks_too_often_is_told_when_it_works_again(client, house, telling, monkeypatch):
    from kefu.cases.deposits import views

    monkeypatch.setattr(views, "TRACED_FROM_ADDRESS", replace(views.TRACED_FROM_ADDRESS, times=2))
    for _ in range(2):
        assert trace(client).status_code == 200
    refused = trace(client)

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert TXID in refused.content.decode()
    assert "That was too often." in text_of(refused)


def test_a_case_takes_everything_along(client, house, telling):
    filled = FORM | {
        "do": "file",
        "address": TRON_ADDRESS,
        "amount": "1,250.5",
        "when": "2026-11-22T22:41",
        "zone": "Asia/Shanghai",
        "words": "Sent from my own wallet.",
        "client_id": "form-00000001",
    }
    response = client.post(PAGE, filled)
    conversation = Conversation.objects.get()
    fields = {one.key: str(one.value) for one in CaseFile.objects.get().fields.all()}

    assert response.status_code == 302
    assert response.headers["Location"] == f"/en/chat/?conversation={conversation.ref}"
    assert fields == {
        "coin": "USDT",
        "network": "tron",
        "txid": TXID,
        "address": TRON_ADDRESS,
        "amount": "1250.5",
        "occurred_at": "2026-11-22T14:41:00+00:00",
        "traced": "confirmed",
    }
    assert conversation.last_line.startswith("Crypto deposit not credited: 1250.5 USDT · TRON (TRC20)")
    assert client.get(response.headers["Location"]).status_code == 200


def test_what_nobody_knows_is_kept_only_when_the_customer_says_that_it_is_a_txid(client, house, telling):
    telling.traced = None

    refused = trace(client, do="file")
    assert refused.status_code == 400
    assert "Confirm that this is a TxID" in text_of(refused)
    assert not Conversation.objects.exists()
    assert trace(client, do="file", is_txid="1").status_code == 302


def test_escaped_words_of_a_ledger_never_reach_the_page(client, house, telling):
    telling.traced = Traced(chain=replace(CHAIN, network="<b>tron</b>"))

    response = trace(client)

    assert "Not found on the chain" in text_of(response)
    assert escape("<b>tron</b>") not in response.content.decode()
