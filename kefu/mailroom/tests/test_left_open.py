"""A letter of which nobody can tell whether the server has it: docs/decisions/letters-handed-over.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House
from kefu.journal.models import Entry
from kefu.mailroom import sending
from kefu.mailroom.kinds import KINDS
from kefu.mailroom.models import Letter, LetterKind
from kefu.mailroom.sending import SENT_ONCE_MORE, WAITS
from kefu.mailroom.tests.factories import a_letter, let_time_pass, make_open_house, run_letters
from kefu.mailroom.tests.sink import DROP, DROP_AFTER_TAKING, Sink, nobody_listens
from kefu.mailroom.tests.test_notices import answer, asked, let_the_house_work, look
from kefu.mailroom.words import Paragraph, Words

pytestmark = pytest.mark.django_db(transaction=True)
CAN_BE_ASKED_FOR_AGAIN = sorted(set(LetterKind) - SENT_ONCE_MORE)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        yield sink


def a_letter_of(kind: LetterKind, monkeypatch: pytest.MonkeyPatch) -> Letter:
    """Its words don't matter here, nor what else it would need."""
    letter = a_letter()
    Letter.objects.update(kind=kind)
    words = Words("标题", "标题", [Paragraph("一句话。")])
    monkeypatch.setattr(sending, "write", lambda _letter: words)
    return letter


def what_became_of(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.problem


def work_for_days() -> None:
    for _ in range(len(WAITS) + 2):
        run_letters()
        let_time_pass()


def test_each_kind_is_of_one_sort_or_the_other() -> None:
    assert set(KINDS) == set(LetterKind) == SENT_ONCE_MORE | set(CAN_BE_ASKED_FOR_AGAIN)


@pytest.mark.slow
@pytest.mark.parametrize(("manner", "copies"), [(DROP, 0), (DROP_AFTER_TAKING, 1)])
@pytest.mark.parametrize("kind", CAN_BE_ASKED_FOR_AGAIN)
def test_what_can_be_asked_for_again_never_comes_twice(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, kind: LetterKind, manner: str, copies: int
) -> None:
    sink.manners.end = [manner]
    letter = a_letter_of(kind, monkeypatch)

    work_for_days()

    assert (what_became_of(letter), len(sink.taken)) == (("left_open", "line_broke"), copies)
    assert letter.settled_at is not None


def test_the_operator_is_told_that_a_letter_was_left_open_and_nothing_of_its_customer(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sink.manners.end = [DROP]
    letter = a_letter_of(LetterKind.INVITATION, monkeypatch)

    run_letters()

    entry = Entry.objects.get(kind="letter.left_open")
    assert (entry.subject_id, entry.payload) == (letter.pk, {"letter_kind": "invitation"})
    [said] = [record for record in caplog.records if record.message == "letter_left_open"]
    assert (said.__dict__["letter"], said.__dict__["kind"]) == (letter.pk, "invitation")
    assert "xiaomei" not in str([record.__dict__ for record in caplog.records])


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(SENT_ONCE_MORE))
def test_what_nobody_would_miss_comes_once_more_after_an_hour_and_never_a_third_time(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, kind: LetterKind
) -> None:
    sink.manners.end = [DROP_AFTER_TAKING] * 9
    letter = a_letter_of(kind, monkeypatch)

    run_letters()
    assert what_became_of(letter) == ("unsure", "line_broke")
    assert letter.untouched_until is not None
    assert letter.untouched_until > now() + timedelta(minutes=59)
    work_for_days()

    assert what_became_of(letter) == ("left_open", "line_broke")
    assert len(sink.taken) == 2
    assert len({taken.message["Message-ID"] for taken in sink.taken}) == 1


@pytest.mark.parametrize(("kind", "state"), [("one_time_code", "left_open"), ("staff_mail", "unsure")])
def test_a_worker_that_died_over_a_letter_leaves_it_as_open_as_a_line_that_broke(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, kind: LetterKind, state: str
) -> None:
    letter = a_letter_of(kind, monkeypatch)
    Letter.objects.update(state="handing_over", tries=1, unanswered=1, left_at=now())

    run_letters()

    assert (what_became_of(letter), sink.taken) == ((state, "line_broke"), [])


@pytest.mark.slow
def test_a_letter_that_may_have_arrived_is_never_called_undelivered(
    sink: Sink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.manners.end = [DROP]
    letter = a_letter()
    run_letters()
    settings.MAIL_SERVER = nobody_listens()

    work_for_days()

    assert what_became_of(letter) == ("left_open", "no_answer")
    assert not Entry.objects.filter(kind="letter.refused").exists()


def test_a_no_to_the_second_copy_says_nothing_of_the_first(sink: Sink) -> None:
    sink.manners.end = [DROP_AFTER_TAKING, "554 no"]
    letter = a_letter()

    work_for_days()

    assert what_became_of(letter)[0] == "left_open"
    assert not Entry.objects.filter(kind="letter.refused").exists()


@pytest.mark.slow
def test_a_no_takes_back_its_own_hand_over_only(sink: Sink) -> None:
    sink.manners.end = [DROP, "451 later", DROP]
    letter = a_letter()
    run_letters()
    let_time_pass()

    run_letters()
    letter.refresh_from_db()
    assert (letter.state, letter.unanswered, letter.left_at is not None) == ("waiting", 1, True)
    let_time_pass()
    run_letters()

    assert what_became_of(letter)[0] == "left_open"


@pytest.fixture
def announced(sink: Sink) -> tuple[House, Conversation]:
    """The letter about an answer is in a mailbox, and nobody has told us so."""
    house = make_open_house()
    conversation = asked(house)
    sink.manners.end = [DROP_AFTER_TAKING] * 2
    answer(house, conversation)
    let_the_house_work()
    assert [letter.state for letter in Letter.objects.all()] == ["unsure"]
    return house, conversation


def test_a_customer_who_got_the_letter_and_read_the_answer_gets_no_second_one(
    sink: Sink, announced: tuple[House, Conversation]
) -> None:
    _, conversation = announced
    look(conversation)

    work_for_days()

    assert ([letter.state for letter in Letter.objects.all()], len(sink.taken)) == (["withdrawn"], 1)


@pytest.mark.slow
def test_another_answer_is_written_about_where_the_letter_about_the_first_may_be_lost(
    sink: Sink, announced: tuple[House, Conversation]
) -> None:
    house, conversation = announced

    answer(house, conversation)
    let_the_house_work()
    assert Letter.objects.count() == 1, "The first may still come, and leads to both."
    work_for_days()
    let_the_house_work()

    assert [letter.state for letter in Letter.objects.order_by("pk")] == ["left_open", "sent"]
    assert len({taken.message["Message-ID"] for taken in sink.taken}) == 2
