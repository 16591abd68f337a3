"""A case is found by its number and by what its customer gave, in any spelling, within what the agent may see."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kefu.accounts.models import Agent, Role
from kefu.cases.actions import Filing, file_case
from kefu.cases.models import CaseField, FieldKey, IssueType
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_agent, make_client_id, make_house, make_viewer
from kefu.desk.api import LONGEST_SOUGHT
from kefu.desk.lists import PAGE
from kefu.desk.tests.test_desk import at_desk
from kefu.safety.guard import guard

pytestmark = pytest.mark.django_db

TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def filed(house: House, **fields: str) -> Conversation:
    filing = Filing(
        issue_type=IssueType.DEPOSIT_MISSING,
        client_id=make_client_id(),
        content="充币未到账",
        fields={FieldKey(key): value for key, value in fields.items()},
    )
    viewer = make_viewer(house)
    return file_case(brand=house.brand, viewer=viewer, filing=filing, language="zh-hans").conversation


def found(agent: Agent, words: str) -> list[str]:
    answer = _asked(at_desk(agent), {"words": words})
    assert answer.status_code == 200, answer.content
    return [row["ref"] for row in answer.json()["rows"]]


def _asked(client: Client, body: object):
    return client.post(reverse("desk:found"), json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    "words",
    [
        TXID,
        TXID.upper(),
        f"  0x{TXID}\u200b ",
        f"https://tronscan.org/#/transaction/{TXID}",
        ADDRESS,
        ADDRESS.lower(),
        "12345",
        "１２３４５",
        "usdt TRC20",
        "USDT tron",
        "TRON",
    ],
)
def test_what_a_customer_gave_finds_their_case_in_any_spelling(words):
    house = make_house()
    case = filed(house, coin="USDT", network="tron", txid=TXID, address=ADDRESS, memo="12345")
    filed(house, coin="BTC", network="bitcoin", txid="ab" * 32)

    assert found(house.mei, words) == [case.ref]


def test_a_case_is_found_by_its_number():
    house = make_house()
    case, _other = filed(house, coin="BTC"), filed(house, coin="BTC")

    read_aloud = " ".join(case.ref.replace("-", ""))
    for typed in (f" {case.ref.lower()} ", case.ref.replace("-", " "), read_aloud.replace("0", "O")):
        assert found(house.mei, typed) == [case.ref]


def test_every_word_must_be_there_and_a_memo_may_have_blanks():
    house = make_house()
    case = filed(house, coin="TON", network="ton", memo="Order 12 of Mei")

    assert found(house.mei, "order 12 OF mei") == [case.ref]
    assert found(house.mei, "TON bitcoin") == []
    assert found(house.mei, "Order") == []
    assert found(house.mei, "   ") == []


def test_nobody_finds_what_they_may_not_see():
    house, other = make_house(), make_house("north", "NB")
    case = filed(house, txid=TXID)
    stranger = make_agent(other.team, "刘铮", Role.SUPERVISOR)
    auditor = make_agent(other.team, "Grace", Role.AUDITOR)

    for words in (TXID, case.ref):
        assert found(stranger, words) == []
        assert found(auditor, words) == [case.ref]


def test_the_newest_come_first_and_no_more_than_a_page():
    house = make_house()
    cases = [filed(house, coin="USDT").ref for _ in range(PAGE + 2)]

    assert found(house.mei, "usdt") == cases[::-1][:PAGE]


def test_a_key_of_a_wallet_is_not_looked_for():
    house = make_house()

    answer = _asked(at_desk(house.mei), {"words": "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"})

    assert (answer.status_code, answer.json()) == (400, {"error": "secret"})


@pytest.mark.parametrize(
    "body", [{}, {"words": 7}, {"words": None}, [], {"words": "x" * (LONGEST_SOUGHT + 1)}]
)
def test_what_is_no_question_is_refused(body):
    assert _asked(at_desk(make_house().mei), body).status_code == 400


@pytest.mark.parametrize("cases", [1, 10])
def test_looking_costs_the_same_for_one_and_for_many(cases):
    house = make_house()
    for _ in range(cases):
        filed(house, txid=TXID)
    client = at_desk(house.mei)
    found(house.mei, TXID)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        _asked(client, {"words": TXID})

    asked = [one["sql"] for one in queries.captured_queries if "conversations_conversation" in one["sql"]]
    assert len(asked) == 2


def test_the_facts_of_a_case_are_looked_up_in_an_index():
    house = make_house()
    filed(house, txid=TXID)
    wanted = str(CaseField.objects.filter(sought_hash="0" * 64).values("file").query).replace(
        "0" * 64, f"'{'0' * 64}'"
    )

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {wanted}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {wanted}")
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "case_fields_sought" in plan


def test_cases_that_were_filed_before_can_be_looked_for_too():
    house = make_house()
    case = filed(house, txid=TXID, amount="12")
    CaseField.objects.update(sought_hash="")
    assert found(house.mei, TXID) == []

    import_module("kefu.cases.migrations.0003_sought_hashes").fill(apps, None)

    assert found(house.mei, TXID) == [case.ref]
    assert CaseField.objects.get(key="amount").sought_hash == ""


def test_what_was_erased_is_found_no_more():
    house = make_house()
    case = filed(house, memo="7")
    CaseField.objects.filter(file=case.case_file).delete()

    assert found(house.mei, "7") == []


def test_the_hash_is_made_of_what_the_guard_has_left():
    house = make_house()
    case = filed(house)
    field = CaseField.of(case.case_file, FieldKey.MEMO, guard("验证码 482913"))

    assert field.sought_hash != CaseField.of(case.case_file, FieldKey.MEMO, guard("482913")).sought_hash
