"""A form that was filed before and is sent once more: nothing that was corrected in it is lost."""

from __future__ import annotations

import re

import pytest

from kefu.cases.actions import NotOpened
from kefu.cases.deposits import views
from kefu.cases.models import CaseFile
from kefu.cases.tests.test_deposit_page import CHAIN, TRON_ADDRESS, TXID, Telling, text_of, trace
from kefu.conversations.models import Conversation, Topic
from kefu.conversations.tests.factories import House, make_house
from kefu.exchange import ledger
from kefu.exchange.ledger import Traced

pytestmark = pytest.mark.django_db(transaction=True)

FILED = {
    "do": "file",
    "client_id": "form-00000001",
    "zone": "Asia/Shanghai",
    "amount": "5",
    "words": "From my own wallet.",
}


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    source = Telling(Traced(chain=CHAIN))
    monkeypatch.setattr(ledger, "_stand_in", [source])
    return source


def facts() -> list[dict[str, str]]:
    return [
        {one.key: str(one.value) for one in file.fields.all()} for file in CaseFile.objects.order_by("pk")
    ]


@pytest.mark.usefixtures("house", "telling")
@pytest.mark.parametrize(
    ("corrected", "kept"),
    [
        ({"coin": "XLM", "network": "stellar", "memo": "778899"}, {"memo": "778899"}),
        ({"memo": "778899"}, {"memo": "778899"}),
        ({"address": TRON_ADDRESS}, {"address": TRON_ADDRESS}),
        ({"when": "2026-11-22T22:41"}, {"occurred_at": "2026-11-22T14:41:00+00:00"}),
        ({"amount": "50"}, {"amount": "50"}),
    ],
)
def test_a_fact_that_was_corrected_is_kept_with_another_case(client, corrected, kept):
    first, second = trace(client, **FILED), trace(client, **FILED | corrected)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] != second.headers["Location"]
    before, after = facts()
    assert kept.items() <= after.items()
    assert not kept.items() <= before.items()


@pytest.mark.usefixtures("house", "telling")
def test_words_that_were_corrected_are_said(client):
    first, second = trace(client, **FILED), trace(client, **FILED | {"words": "From another."})

    assert (first.status_code, second.status_code) == (302, 302)
    assert [one.last_line.rpartition("From ")[2] for one in Conversation.objects.order_by("pk")] == [
        "my own wallet.",
        "another.",
    ]


@pytest.mark.usefixtures("house", "telling")
def test_the_same_again_or_with_another_mailbox_is_the_same_case(client):
    answers = [trace(client, **FILED, email=email) for email in ("mei@mail.example", "mei@mail.example", "")]

    assert len({one.headers["Location"] for one in answers}) == 1
    assert CaseFile.objects.count() == 1


@pytest.mark.usefixtures("house", "telling")
def test_what_was_refused_can_be_sent_once_more_from_the_page_that_says_so(client, monkeypatch):
    def refuse(**_: object) -> None:
        raise NotOpened

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(views, "file_case", refuse)
        refused = trace(client, **FILED)
    page = refused.content.decode()
    found = re.search(r'name="client_id" value="([^"]+)"', page)

    assert refused.status_code == 409
    assert "No case was opened. What you typed is still here" in text_of(refused)
    assert (FILED["words"] in page, TXID in page) == (True, True)
    assert found
    assert found[1] != FILED["client_id"]
    assert trace(client, **FILED | {"client_id": found[1]}).status_code == 302


@pytest.mark.usefixtures("house", "telling")
def test_where_nothing_is_offered_the_page_says_that(client):
    Topic.objects.all().delete()

    refused = trace(client, **FILED)

    assert refused.status_code == 409
    assert "We take no cases here at the moment." in text_of(refused)
    assert FILED["words"] in refused.content.decode()
