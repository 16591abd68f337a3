"""An agent sees what became of the letters about a conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.desk.mail import MOST_LETTERS
from kefu.desk.page import open_of
from kefu.desk.tests.test_desk import at_desk
from kefu.desk.topics import PREFIX, catch_up, current_cursor, render
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.journal.events import Event
from kefu.journal.models import Entry
from kefu.mailroom.actions import post_letter
from kefu.mailroom.events import LetterLeftOpen, LetterRefused, LetterSent
from kefu.mailroom.models import Letter, LetterKind, LetterState, Problem
from kefu.realtime.people import Person
from kefu.realtime.topics import Listened

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def letter_about(
    conversation: Conversation, kind: LetterKind = LetterKind.ANSWER_NOTICE, **values: Any
) -> Letter:
    letter = post_letter(
        brand=conversation.brand,
        kind=kind,
        key=f"{conversation.pk}-{Letter.objects.count()}",
        language="zh-hans",
        recipient="lin.xiaomei@mail.example",
        conversation_id=conversation.pk,
    )
    Letter.objects.filter(pk=letter.pk).update(**values)
    return letter


def told_states(house: House, conversation: Conversation) -> list[tuple[str, str]]:
    answer = at_desk(house.mei).get(reverse("desk:letters", args=[conversation.ref])).json()
    return [(one["state"], one["problem"]) for one in answer["letters"]]


def test_a_conversation_that_nobody_wrote_about_has_none(house: House) -> None:
    assert open_of(house.mei, make_conversation(house))["letters"] == []


@pytest.mark.parametrize(
    ("state", "problem", "told"),
    [
        (LetterState.WAITING, Problem.NONE, "waiting"),
        (LetterState.SENDING, Problem.NONE, "waiting"),
        (LetterState.HANDING_OVER, Problem.NONE, "waiting"),
        (LetterState.UNSURE, Problem.LINE_BROKE, "waiting"),
        (LetterState.SENT, Problem.NONE, "sent"),
        (LetterState.LEFT_OPEN, Problem.LINE_BROKE, "left_open"),
        (LetterState.REFUSED, Problem.RECIPIENT, "refused"),
        (LetterState.GIVEN_UP, Problem.NO_ANSWER, "given_up"),
        (LetterState.WITHDRAWN, Problem.NONE, "withdrawn"),
    ],
)
def test_each_state_is_told_in_words_that_the_page_has(
    house: House, state: LetterState, problem: Problem, told: str
) -> None:
    conversation = make_conversation(house)
    letter_about(conversation, state=state, problem=problem)

    assert told_states(house, conversation) == [(told, problem)]
    page = at_desk(house.mei).get(reverse("desk:home"), headers={"accept": "text/html"}, follow=True)
    assert f'data-word="mail.{told}"' in page.content.decode()


@pytest.mark.parametrize("kind", [LetterKind.QUESTION_KEPT, LetterKind.ANSWER_NOTICE, LetterKind.TRANSCRIPT])
def test_each_kind_of_letter_about_a_conversation_has_a_name(house: House, kind: LetterKind) -> None:
    conversation = make_conversation(house)
    letter_about(conversation, kind)

    page = at_desk(house.mei).get(
        reverse("desk:open", args=["open", conversation.ref]), headers={"accept": "text/html"}
    )

    assert f'data-word="mail.kind.{kind.value}"' in page.content.decode()
    assert open_of(house.mei, conversation)["letters"][0]["kind"] == kind


def test_the_newest_come_first_and_those_of_others_not_at_all(house: House) -> None:
    conversation, other = make_conversation(house), make_conversation(house)
    letter_about(other, state=LetterState.REFUSED)
    for _ in range(MOST_LETTERS):
        letter_about(conversation, state=LetterState.SENT)
    letter_about(conversation, state=LetterState.REFUSED, problem=Problem.RECIPIENT, settled_at=now())

    assert told_states(house, conversation) == [("refused", "recipient"), ("sent", ""), ("sent", "")]


def test_no_address_and_no_code_of_a_letter_comes_along(house: House) -> None:
    conversation = make_conversation(house)
    letter = letter_about(conversation, state=LetterState.SENT)

    said = json.dumps(open_of(house.mei, conversation)["letters"])

    assert "mail.example" not in said
    assert letter.code not in said


@pytest.mark.parametrize(
    ("event", "values"),
    [(LetterSent, {}), (LetterLeftOpen, {}), (LetterRefused, {"problem": Problem.RECIPIENT})],
)
def test_an_open_desk_is_told_when_something_became_of_a_letter(
    house: House, event: type[Event], values: dict[str, Any]
) -> None:
    conversation, topic = make_conversation(house), f"{PREFIX}{house.team.pk}"
    letter = letter_about(conversation)
    cursor = current_cursor()
    envelope = {
        "actor": SYSTEM,
        "brand_id": conversation.brand_id,
        "conversation_id": conversation.pk,
        "subject_id": letter.pk,
        "letter_kind": LetterKind.ANSWER_NOTICE,
    }
    with transaction.atomic():
        record(event(**envelope, **values))
    entries = list(Entry.objects.filter(pk__gt=cursor))

    at_once = [json.loads(out.frame) for out in render(entries, Listened({topic}))]
    later = [
        json.loads(frame) for frame in catch_up(Person(house.mei.actor, "", house.mei), topic, cursor) or []
    ]

    for frames in (at_once, later):
        (told,) = next(frame["events"] for frame in frames if frame["type"] == "events")
        assert (told["row"]["ref"], told["mail"]) == (conversation.ref, True)


def test_what_was_said_is_no_news_of_mail(house: House) -> None:
    cursor = current_cursor()
    make_conversation(house)
    entries = list(Entry.objects.filter(pk__gt=cursor))

    (out, _) = render(entries, Listened({f"{PREFIX}{house.team.pk}"}))

    assert [event["mail"] for event in json.loads(out.frame)["events"]] == [False]


def test_twenty_letters_cost_as_much_as_one(house: House) -> None:
    conversation, client = make_conversation(house), at_desk(house.mei)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("desk:letters", args=[conversation.ref])).status_code == 200
        return len(asked)

    letter_about(conversation)
    for_one = queries()
    for _ in range(19):
        letter_about(conversation)

    assert queries() == for_one


def test_mallory_learns_nothing_of_them(house: House) -> None:
    conversation = make_conversation(house)
    letter_about(conversation)

    assert at_desk(house.stranger).get(reverse("desk:letters", args=[conversation.ref])).status_code == 404
