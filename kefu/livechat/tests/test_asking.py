"""L1, L2: a first question, taken in once."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.test import Client

from kefu.accounts.actions import erase_customer
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, CustomerSession, Identity, Level
from kefu.cases.models import CaseFile
from kefu.conversations.models import Conversation, Message, PrivateLink
from kefu.conversations.tests.factories import House, make_house
from kefu.conversations.verbs import opening
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.livechat import views
from kefu.livechat.tests.factories import OPEN, ask, make_question, post
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def test_a_first_question_meets_the_visitor_and_opens_a_conversation(house: House, client: Client) -> None:
    answer = ask(client, text="  充的币还没到账  ")

    conversation = Conversation.objects.get()
    said = answer.json()
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert (said["ref"], conversation.topic, conversation.team) == (conversation.ref, house.topic, house.team)
    assert (conversation.channel, conversation.language, conversation.customer.zone) == (
        "chat",
        "zh-hans",
        "Asia/Shanghai",
    )
    assert [event["kind"] for event in said["snapshot"]["events"]] == ["opened", "message"]
    assert said["snapshot"]["events"][1]["message"]["text"] == "充的币还没到账"
    cookie = answer.cookies[CUSTOMER_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_the_window_shows_the_conversation_to_whoever_comes_back(house: House, client: Client) -> None:
    ref = ask(client).json()["ref"]

    page = client.get("/zh-hans/chat/")

    assert f'data-ref="{ref}"' in page.content.decode()
    assert "昨晚充的 1,250 USDT 还没到账" not in page.content.decode().split('id="chat-snapshot"')[0]


def test_asking_again_with_the_same_client_id_gives_the_same_conversation(
    house: House, client: Client
) -> None:
    question = make_question()

    refs = {post(client, OPEN, question).json()["ref"] for _ in range(3)}

    assert len(refs) == 1
    assert (Conversation.objects.count(), Message.objects.count(), Customer.objects.count()) == (1, 1, 1)


def test_an_answer_lost_on_the_way_does_not_make_a_second_conversation(house: House) -> None:
    question = make_question()
    first = post(Client(), OPEN, question)

    # The cookie was in the answer that never came.
    again = Client()
    second = post(again, OPEN, question)

    assert second.json()["ref"] == first.json()["ref"]
    assert (Conversation.objects.count(), Customer.objects.count()) == (1, 1)
    assert f'data-ref="{first.json()["ref"]}"' in again.get("/zh-hans/chat/").content.decode()


def test_the_same_client_id_from_somebody_else_opens_nothing_of_the_first(house: House) -> None:
    first = ask(Client(), client_id="guessable-0001", text="我的秘密问题")

    mallory = Client()
    second = ask(mallory, client_id="guessable-0001", text="别的")

    assert second.json()["ref"] != first.json()["ref"]
    assert "我的秘密问题" not in mallory.get("/zh-hans/chat/").content.decode()


def test_who_was_erased_meanwhile_asks_as_somebody_new(house: House, client: Client) -> None:
    question = make_question()
    post(client, OPEN, question)
    erased = Customer.objects.get()
    erase_customer(customer=erased, by=SYSTEM)
    client.cookies.clear()

    answer = post(client, OPEN, question)

    assert answer.status_code == 200
    assert Conversation.objects.get(ref=answer.json()["ref"]).customer != erased


def test_the_same_client_id_with_other_words_is_a_conflict(house: House, client: Client) -> None:
    question = make_question()
    post(client, OPEN, question)

    answer = post(client, OPEN, question | {"text": "别的话"})

    assert (answer.status_code, answer.json()["code"]) == (400, "conflict")
    assert Message.objects.count() == 1


def test_a_known_visitor_keeps_their_cookie_and_opens_a_second_conversation(
    house: House, client: Client
) -> None:
    ask(client)

    answer = ask(client)

    assert CUSTOMER_COOKIE not in answer.cookies
    assert (Customer.objects.count(), Conversation.objects.count()) == (1, 2)


def test_a_secret_in_the_question_is_taken_out_and_its_kind_told(house: House, client: Client) -> None:
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"

    answer = ask(client, text=f"助记词是 {words}")

    message = answer.json()["snapshot"]["events"][1]["message"]
    assert (message["text"], message["secrets"]) == ("助记词是 ⟦secret:mnemonic⟧", ["mnemonic"])
    assert "sausage" not in Message.objects.get().text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"topic": "nonsense"}, "topic"),
        ({"text": "  \n "}, "empty"),
        ({"text": "长" * 8001}, "too_long"),
        ({"text": "a\0b"}, "malformed"),
        ({"text": 5}, "malformed"),
        ({"client_id": "short"}, "malformed"),
        ({"client_id": "with spaces in it"}, "malformed"),
        ({"email": "not an address"}, "email"),
        ({"surprise": True}, "malformed"),
    ],
)
def test_a_bad_question_leaves_nothing_behind(
    house: House, client: Client, changes: dict[str, object], code: str
) -> None:
    answer = ask(client, **changes)

    assert (answer.status_code, answer.json()) == (400, {"code": code, "message": ANY})
    assert not answer.cookies
    made = (Customer, CustomerSession, Identity, Conversation, Message, PrivateLink)
    assert [kind.objects.count() for kind in made] == [0] * len(made)


@pytest.mark.parametrize(
    "body", [b" ", b"{", b"[]", b"null", b"\xff\xfe", b'{"topic":"\\ud800"}', b"[" * 5000]
)
def test_bytes_that_are_no_question_are_refused(house: House, client: Client, body: bytes) -> None:
    answer = client.generic(
        "POST", OPEN, body, content_type="application/json", headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_exactly_eight_thousand_characters_are_taken(house: House, client: Client) -> None:
    assert ask(client, text="长" * 8000).status_code == 200


def test_a_conversation_begins_with_what_the_article_said_it_is_about(house: House, client: Client) -> None:
    question = make_question(issue_type="withdraw_pending")

    post(client, OPEN, question)
    post(client, OPEN, question)

    [file] = CaseFile.objects.all()
    assert (file.issue_type, file.conversation) == ("withdraw_pending", Conversation.objects.get())
    assert Entry.objects.get(kind="case.filed").conversation_id == file.pk


@pytest.mark.parametrize("word", ["", "none", "no-such-type", "x" * 64])
def test_a_word_that_is_no_issue_type_is_passed_over(house: House, client: Client, word: str) -> None:
    assert ask(client, issue_type=word).status_code == 200
    assert not CaseFile.objects.exists()


def test_an_unknown_zone_or_language_is_left_out(house: House, client: Client) -> None:
    ask(client, zone="Mars/Olympus", language="tlh")

    conversation = Conversation.objects.select_related("customer").get()
    assert (conversation.customer.zone, conversation.language) == ("", "zh-hans")


def test_an_address_is_kept_as_claimed(house: House, client: Client) -> None:
    ask(client, email=" Chen.Yu@mail.example ")

    identity = Identity.objects.get()
    assert (identity.value, identity.level) == ("chen.yu@mail.example", Level.CLAIMED)


def test_too_many_questions_are_refused_with_a_time_and_a_sentence(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FROM_ADDRESS", Limit("few", 2, timedelta(minutes=10)))
    for _ in range(2):
        ask(Client())

    answer = ask(client)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 600
    assert answer.json() == {"code": "too_many", "message": ANY}
    assert Conversation.objects.count() == 2


def test_the_addresses_of_one_network_count_together(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FROM_ADDRESS", Limit("one", 1, timedelta(minutes=10)))

    answers = [
        ask(Client(REMOTE_ADDR=address)).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::1", "2001:db8:1:3::1")
    ]

    assert answers == [200, 429, 200]


def test_one_visitor_can_not_flood_from_many_addresses(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FROM_VISITOR", Limit("one", 1, timedelta(minutes=10)))
    ask(client)
    ask(client)

    answer = post(client, OPEN, make_question())

    assert answer.status_code == 429
    assert Conversation.objects.count() == 2


def test_only_a_post_asks(house: House, client: Client) -> None:
    assert client.get(OPEN).status_code == 405


def unconfirmed() -> list[bool]:
    """Of each question, whether no letter says that it is kept."""
    opened = Entry.objects.filter(kind="conversation.opened").order_by("pk")
    return [entry.payload["is_unconfirmed"] for entry in opened]


def test_of_many_strangers_whom_one_network_names_the_last_get_no_letter_and_their_questions_are_kept(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONFIRMED", Limit("two", 2, timedelta(days=1)))
    for number in range(2):
        ask(Client(), email=f"stranger{number}@mail.example")

    answer = ask(client, email="one.more@mail.example")
    ask(client)
    ask(Client())
    ask(Client(REMOTE_ADDR="198.51.100.7"), email="stranger0@mail.example")

    assert answer.status_code == 200
    assert (
        Identity.objects.filter(customer__conversations__ref=answer.json()["ref"]).get().level
        == Level.CLAIMED
    )
    # The same visitor's next question goes to the same address, named again or not; who named none gets no letter anyway.
    assert unconfirmed() == [False, False, True, True, False, False]


def test_asking_the_same_again_takes_no_letter_of_anybody(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONFIRMED", Limit("two", 2, timedelta(days=1)))
    question = make_question(email="chen.yu@mail.example")
    for _ in range(3):
        assert post(client, OPEN, question).status_code == 200

    ask(Client(), email="wang.fang@mail.example")

    assert unconfirmed() == [False, False]


def test_an_address_that_is_proven_is_no_strangers(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONFIRMED", Limit("one", 1, timedelta(days=1)))
    ask(client, email="chen.yu@mail.example")
    Identity.objects.update(level=Level.PROVEN)

    ask(client)

    assert unconfirmed() == [False, False]
