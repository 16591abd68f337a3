"""What many sockets say at once: each gets what it would have got alone, and the price is one batch's."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kefu.conversations import refs, together
from kefu.conversations.actions import Say, assign, resolve, say
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import SayFrame, SeenFrame
from kefu.conversations.models import Attachment, Conversation, Message, Participant
from kefu.conversations.snapshot import load, snapshot
from kefu.conversations.tests.factories import (
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.conversations.tests.uploads import send_and_check
from kefu.conversations.together import SAY_LIMIT, Led, Seen, Spoken, say_together, see_together
from kefu.conversations.verbs.say import Stale
from kefu.realtime import writer
from kefu.realtime.people import Person
from kefu.realtime.writer import LATER, Unit
from kefu.safety.limits import take
from kefu.safety.tests.files import PDF

pytestmark = pytest.mark.django_db


def as_person(viewer: Any, name: str = "") -> Person:
    return Person(viewer.actor, name, viewer)


def spoken(conversation: Conversation, viewer: Any = None, **frame: Any) -> Spoken:
    known = {"ref": conversation.ref, "client_id": make_client_id(), "text": "还没到账"}
    return Spoken(as_person(viewer or viewer_of(conversation)), SayFrame(**(known | frame)))


def read(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.frame if isinstance(answer, Led) else answer)
    return found


def told(answers: list[Any]) -> list[tuple[str, str | None]]:
    """Kind and code of each frame."""
    frames = [read(answer) for answer in answers]
    return [(frame["type"], frame.get("code")) for frame in frames]


def test_everybody_gets_their_own_answer_in_one_batch() -> None:
    house = make_house()
    one, other = make_conversation(house), make_conversation(house)
    first = spoken(one)
    again = Spoken(first.person, first.frame)
    conflict = Spoken(first.person, SayFrame(ref=one.ref, client_id=first.frame.client_id, text="别的话"))
    nowhere = spoken(one, ref="XH-0000-0000-0000-0")
    stranger = spoken(one, make_viewer(house))
    note = spoken(other, visibility="staff")
    reply = spoken(other, house.mei, spoken_seq=other.spoken_seq)

    answers = say_together([first, again, conflict, nowhere, stranger, note, reply])

    assert told(answers) == [
        ("ack", None),
        ("ack", None),
        ("error", "conflict"),
        ("error", "not_found"),
        ("error", "not_found"),
        ("error", "refused"),
        ("ack", None),
    ]
    assert read(answers[0])["message"] == read(answers[1])["message"]
    assert Message.objects.filter(client_id=first.frame.client_id).count() == 1


def test_an_acknowledgement_is_drawn_as_the_event_will_be() -> None:
    house = make_house()
    conversation = make_conversation(house)
    reply = spoken(conversation, house.mei, spoken_seq=conversation.spoken_seq)

    by_agent, by_customer = (
        read(answer)["message"] for answer in say_together([reply, spoken(conversation)])
    )

    assert by_customer["author"] == {"kind": "customer", "id": 0, "name": ""}
    assert by_agent["author"] == {"kind": "agent", "id": house.mei.pk, "name": house.mei.name}
    assert by_customer["mine"]
    assert by_agent["mine"]


def places_led(answers: list[Any]) -> list[int | None]:
    """Which place each of them stands for."""
    return [answer.place if isinstance(answer, Led) else None for answer in answers]


def test_what_a_customer_says_leads_with_its_acknowledgement_to_the_head_of_a_fresh_page() -> None:
    house = make_house()
    conversation = make_conversation(house)
    assign(conversation=conversation, to=house.mei, by=house.mei)
    resolve(conversation=conversation, by=house.mei)

    (answer,) = say_together([spoken(conversation)])

    page = json.loads(json.dumps(snapshot(conversation, Audience.CUSTOMER)))
    assert (read(answer)["head"], answer.place) == (page["head"], page["seq"])
    assert (page["head"]["state"], page["head"]["assignee"]["name"]) == ("open", house.mei.name)


def test_only_what_has_nothing_behind_it_leads_and_never_towards_staff() -> None:
    house = make_house()
    one, other = make_conversation(house), make_conversation(house)
    other.refresh_from_db()
    reply = spoken(other, house.mei, spoken_seq=other.spoken_seq)

    answers = say_together([spoken(one), spoken(one), reply])
    one.refresh_from_db()

    assert places_led(answers) == [None, one.customer_seq, None]
    assert [read(answer)["head"] is None for answer in answers] == [True, False, True]


def test_a_note_behind_it_is_no_business_of_the_customers() -> None:
    house = make_house()
    conversation = make_conversation(house)

    answers = say_together([spoken(conversation), spoken(conversation, house.mei, visibility="staff")])
    conversation.refresh_from_db()

    assert places_led(answers) == [conversation.customer_seq, None]


def test_what_was_said_before_leads_nowhere() -> None:
    first = spoken(make_conversation(make_house()))

    assert places_led([*say_together([first]), *say_together([first])]) == [3, None]


def test_a_reply_that_answers_less_than_was_said_in_the_same_batch_is_stale() -> None:
    house = make_house()
    conversation = make_conversation(house)
    conversation.refresh_from_db()
    reply = spoken(conversation, house.mei, spoken_seq=conversation.spoken_seq)

    ack, stale = say_together([spoken(conversation), reply])

    assert told([ack]) == [("ack", None)]
    conversation.refresh_from_db()
    assert stale == Stale(conversation.spoken_seq)


def test_who_has_said_too_much_waits_and_nobody_else() -> None:
    house = make_house()
    flood, calm = make_conversation(house), make_conversation(house)
    for _ in range(SAY_LIMIT.times - 1):
        take(SAY_LIMIT, str(viewer_of(flood).actor))

    batch = [spoken(flood), spoken(flood), spoken(calm)]
    answers = say_together(batch)

    assert told(answers) == [("ack", None), ("error", "too_many"), ("ack", None)]
    assert 0 < read(answers[1])["retry_after_ms"] <= 30_000


def test_what_is_said_again_counts_once() -> None:
    conversation = make_conversation(make_house())
    first = spoken(conversation)

    for _ in range(SAY_LIMIT.times + 5):
        assert told(say_together([first])) == [("ack", None)]

    more = [spoken(conversation) for _ in range(SAY_LIMIT.times)]
    assert [kind for kind, _ in told(say_together(more))] == ["ack"] * (SAY_LIMIT.times - 1) + ["error"]


def test_other_words_under_a_known_id_count() -> None:
    conversation = make_conversation(make_house())
    first = spoken(conversation)
    say_together([first])

    others = [
        spoken(conversation, client_id=first.frame.client_id, text=f"别的话 {number}")
        for number in range(SAY_LIMIT.times)
    ]

    codes = [code for _, code in told(say_together(others))]
    assert codes == ["conflict"] * (SAY_LIMIT.times - 1) + ["too_many"]


def test_what_nobody_may_say_counts_too() -> None:
    house = make_house()
    conversation, stranger = make_conversation(house), make_viewer(house)
    attempts = [spoken(conversation, stranger) for _ in range(SAY_LIMIT.times + 1)]

    codes = [code for _, code in told(say_together(attempts))]

    assert codes == ["not_found"] * SAY_LIMIT.times + ["too_many"]


def test_many_messages_cost_as_many_queries_as_two() -> None:
    house = make_house()
    conversations = [make_conversation(house) for _ in range(60)]
    say_together([spoken(conversation) for conversation in conversations])

    def queries(number: int) -> int:
        batch = [spoken(conversation) for conversation in conversations[:number]]
        with CaptureQueriesContext(connection) as asked:
            assert {kind for kind, _ in told(say_together(batch))} == {"ack"}
        return len(asked)

    assert queries(32) == queries(2)


def test_cursors_of_many_move_at_once_and_only_their_own() -> None:
    house = make_house()
    one, other = make_conversation(house), make_conversation(house)
    mallory = make_viewer(house)
    frames = [
        Seen(as_person(viewer_of(one)), SeenFrame(ref=one.ref, delivered=1, seen=1)),
        Seen(as_person(mallory), SeenFrame(ref=other.ref, delivered=1, seen=1)),
        Seen(as_person(house.mei), SeenFrame(ref="XH-0000-0000-0000-0", delivered=1, seen=1)),
    ]

    assert see_together(frames) == [None, None, None]

    seen = Participant.objects.filter(seen_seq=1)
    assert [(one.conversation_id, one.customer_id) for one in seen] == [(one.pk, one.customer_id)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL: on SQLite there is one writer")
def test_what_somebody_else_holds_is_left_for_later_and_the_rest_goes_on() -> None:
    house = make_house()
    held, free = make_conversation(house), make_conversation(house)
    file = send_and_check(held, viewer_of(held), PDF)
    frames = [spoken(held, files=(file.key,)), spoken(free)]
    looks = [
        Seen(as_person(viewer_of(one)), SeenFrame(ref=one.ref, delivered=1, seen=1)) for one in (held, free)
    ]
    holds, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Conversation.objects.locked().filter(pk=held.pk))
            list(Attachment.objects.locked().filter(pk=file.pk))
            holds.set()
            may_go_on.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    holds.wait(20)
    try:
        with transaction.atomic():
            later, ack = say_together(frames)
            assert see_together(looks) == [LATER, None]
    finally:
        may_go_on.set()
        holder.join()

    assert later is LATER
    assert told([ack]) == [("ack", None)]
    assert not Message.objects.filter(client_id=frames[0].frame.client_id).exists()
    with transaction.atomic():
        assert told(say_together(frames)) == [("ack", None), ("ack", None)]


def test_a_page_and_a_socket_say_the_same() -> None:
    """A view calls the action with one, the socket with many: the second of the two is the first again."""
    conversation = make_conversation(make_house())
    frame = spoken(conversation)
    say(
        [
            Say(
                conversation_id=conversation.pk,
                by=viewer_of(conversation),
                client_id=frame.frame.client_id,
                content=frame.frame.text,
            )
        ]
    )

    (ack,) = say_together([frame])

    assert told([ack]) == [("ack", None)]
    assert Message.objects.filter(client_id=frame.frame.client_id).count() == 1


def test_a_full_memory_of_refs_takes_nobodys_conversation_away(monkeypatch: pytest.MonkeyPatch) -> None:
    house = make_house()
    known, new = make_conversation(house), make_conversation(house)
    assert told(say_together([spoken(known)])) == [("ack", None)]
    monkeypatch.setattr(refs, "MOST_KNOWN", 0)

    assert told(say_together([spoken(known), spoken(new)])) == [("ack", None)] * 2


def test_who_has_listened_to_a_conversation_speaks_without_a_question_for_its_id() -> None:
    house = make_house()
    conversation = make_conversation(house)
    refs._known.clear()
    load(conversation.ref)

    with CaptureQueriesContext(connection) as asked:
        (ack,) = say_together([spoken(conversation)])

    assert told([ack]) == [("ack", None)]
    assert not [one for one in asked if '"ref" IN' in one["sql"]]
    assert refs.ids_of([conversation.ref, "XH-0000-0000-0000-0"]) == [conversation.pk, None]


@pytest.mark.django_db(transaction=True)
def test_what_fails_behind_its_commit_is_said_again_and_known(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, told_of = spoken(make_conversation(make_house())), together._told
    mistakes = iter([ZeroDivisionError()])

    def told_at_last(*arguments: Any) -> Any:
        for mistake in mistakes:
            raise mistake
        return told_of(*arguments)

    monkeypatch.setattr(together, "_told", told_at_last)

    loop = asyncio.new_event_loop()
    loop.close()
    (ack,) = writer._answers([Unit(say_together, frame, "", loop, print, 0.0)])

    assert told([ack]) == [("ack", None)]
    assert Message.objects.filter(client_id=frame.frame.client_id).count() == 1
