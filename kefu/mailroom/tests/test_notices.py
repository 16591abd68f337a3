"""A kept question and an unseen answer each make one letter, with a link that opens the conversation and nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.accounts.actions import CodeProblem, ask_for_code, claim_email, prove_by_code
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.accounts.policy import Refused
from kefu.background.running import run_next
from kefu.conversations.actions import Cursor, NoAddress, Say, ask_for_transcript, move_cursor, say
from kefu.conversations.models import Conversation, Visibility
from kefu.conversations.tests.factories import (
    make_client_id,
    make_conversation,
    make_viewer,
    viewer_of,
)
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.mailroom.notices import UNPROVEN, announce_answer, concerns, follow
from kefu.mailroom.tests.factories import make_open_house, run_letters
from kefu.mailroom.tests.sink import Sink
from kefu.safety.models import Counter
from kefu.ui.languages import Language
from kefu.waiting.models import WeeklyHours

pytestmark = pytest.mark.django_db(transaction=True)


NOT_PROVEN = {
    "zh-hans": "这封邮件没有你的防钓鱼短语，因为这个邮箱还没有验证过。",
    "zh-hant": "這封信沒有你的防釣魚短語，因為這個信箱還沒有驗證過。",
    "en": "This mail holds no phrase of your own, because this address is not proven yet.",
}


@pytest.fixture
def sink(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        yield sink


@pytest.fixture
def house(sink):
    return make_open_house()


def asked(house, *, address: str = "lin.xiaomei@mail.example") -> Conversation:
    viewer = make_viewer(house)
    if address:
        claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=address)
    return make_conversation(house, viewer)


def answer(house, conversation: Conversation, *, visibility: Visibility = Visibility.CUSTOMER) -> None:
    conversation.refresh_from_db()
    reply = Say(
        by=house.mei,
        conversation_id=conversation.pk,
        client_id=make_client_id(),
        content="已经到账了，请查收",
        visibility=visibility,
        spoken_seq=conversation.spoken_seq,
    )
    say([reply])


def look(conversation: Conversation) -> None:
    """The customer has everything on the screen."""
    conversation.refresh_from_db()
    seen = conversation.customer_seq
    by = viewer_of(conversation)
    move_cursor([Cursor(conversation_id=conversation.pk, by=by, delivered=seen, seen=seen)])


def let_the_house_work() -> None:
    """Listeners, and the minute in which the customer could have looked."""
    heard = Entry.objects.filter(kind__in=["conversation.opened", "conversation.message"]).order_by("pk")
    for entry in filter(concerns, heard):
        follow(entry)
    let_minutes_pass()
    run_letters()


def let_minutes_pass() -> None:
    DBTaskResult.objects.filter(status="READY").update(run_after=now())
    while run_next("one"):
        pass


def words_of(page) -> str:
    """What the conversation on the page says, from its snapshot."""
    found = re.search(
        r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page.content.decode(), re.DOTALL
    )
    assert found is not None
    return json.dumps(json.loads(found.group(1)), ensure_ascii=False)


def link_in(sink: Sink) -> str:
    found = re.search(r"http://localhost:8000(/zh-hans/chat/link/\S+)", sink.taken[-1].part("plain"))
    assert found is not None
    return found.group(1)


@pytest.mark.slow
def test_an_answer_that_nobody_saw_is_announced_with_a_link_that_opens_it(house, sink):
    conversation = asked(house)
    answer(house, conversation)

    let_the_house_work()

    letter = sink.taken[0]
    assert letter.recipient == "lin.xiaomei@mail.example"
    assert letter.message["Subject"] == f"你的问题有回复了（{conversation.ref}）"
    assert "账户与资产" in letter.part("plain")
    for part in (letter.part("plain"), letter.part("html")):
        assert "已经到账了" not in part, "No word of the conversation travels by mail."
        assert link_in(sink) in part
    browser = Client()
    page = browser.get(link_in(sink), follow=True)
    assert "已经到账了，请查收" in words_of(page)
    assert link_in(sink) not in page.request["PATH_INFO"]


def test_a_customer_who_has_the_window_open_gets_no_letter(house, sink):
    conversation = asked(house)
    answer(house, conversation)
    look(conversation)

    let_the_house_work()

    assert sink.taken == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "可能还会再来邮件"), ("zh-hant", "可能還會再來信"), ("en", "more may come when")],
)
def test_a_burst_of_answers_is_one_letter_and_another_comes_after_a_look_as_it_says(
    house, sink, language, said
):
    conversation = asked(house)
    Conversation.objects.update(language=language)
    for _ in range(3):
        answer(house, conversation)
    let_the_house_work()
    assert len(sink.taken) == 1

    look(conversation)
    answer(house, conversation)
    let_the_house_work()
    assert [said in letter.part("plain") for letter in sink.taken] == [True, True]


def test_a_note_is_nobodys_letter(house, sink):
    conversation = asked(house)
    answer(house, conversation, visibility=Visibility.STAFF)

    let_the_house_work()

    assert not Letter.objects.exists()


def test_somebody_without_an_address_gets_none(house, sink):
    conversation = asked(house, address="")
    answer(house, conversation)

    let_the_house_work()

    assert not Letter.objects.exists()


def test_a_question_that_finds_nobody_is_confirmed(house, sink):
    WeeklyHours.objects.all().delete()
    conversation = asked(house)

    let_the_house_work()
    let_the_house_work()

    assert [taken.message["Subject"] for taken in sink.taken] == [f"你的问题已收到（{conversation.ref}）"]
    assert "充的币还没到账" in words_of(Client().get(link_in(sink), follow=True))


def test_a_question_that_is_answered_at_once_needs_no_confirmation(house, sink):
    asked(house)

    let_the_house_work()

    assert sink.taken == []


def test_who_looks_before_the_letter_leaves_is_not_written_to(house, sink):
    conversation = asked(house)
    answer(house, conversation)
    message = conversation.messages.latest("pk")
    announce_answer.call(message_id=message.pk)
    look(conversation)
    run_letters()

    assert (sink.taken, Letter.objects.get().state) == ([], "withdrawn")


def test_who_is_known_by_another_address_by_then_is_not_written_to_where_a_guest_said(house, sink):
    conversation = asked(house, address="typo@mail.example")
    answer(house, conversation)
    announce_answer.call(message_id=conversation.messages.latest("pk").pk)
    own = claim_email(customer=conversation.customer, email="lin.xiaomei@mail.example")
    Identity.objects.filter(pk=own.pk).update(level=Level.PROVEN)

    run_letters()

    assert (sink.taken, Letter.objects.get().state) == ([], "withdrawn")
    answer(house, conversation)
    announce_answer.call(message_id=conversation.messages.latest("pk").pk)
    run_letters()
    assert [letter.recipient for letter in sink.taken] == ["lin.xiaomei@mail.example"]


@pytest.mark.slow
def test_an_address_that_nobody_has_proven_is_not_flooded(house, sink):
    viewer = make_viewer(house)
    claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email="lin.xiaomei@mail.example")
    for _ in range(UNPROVEN.times + 2):
        answer(house, make_conversation(house, viewer))

    let_the_house_work()

    assert len(sink.taken) == UNPROVEN.times


@pytest.mark.slow
def test_what_somebody_else_asks_in_ones_name_takes_no_letter_of_ones_own(house, sink):
    mallory = make_viewer(house)
    claim_email(customer=Customer.objects.get(pk=mallory.customer_id), email="lin.xiaomei@mail.example")
    for _ in range(UNPROVEN.times + 2):
        answer(house, make_conversation(house, mallory))
    let_the_house_work()

    own = asked(house)
    answer(house, own)
    let_the_house_work()

    assert own.ref in str(sink.taken[-1].message["Subject"])


@pytest.mark.slow
def test_a_letter_that_must_wait_for_the_limit_comes_later(house, sink):
    viewer = make_viewer(house)
    claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email="lin.xiaomei@mail.example")
    for _ in range(UNPROVEN.times + 1):
        answer(house, make_conversation(house, viewer))
    let_the_house_work()

    Counter.objects.all().delete()
    let_the_house_work()

    assert len(sink.taken) == UNPROVEN.times + 1


def test_what_happened_long_ago_is_no_news(house, sink):
    conversation = asked(house)
    answer(house, conversation)
    Entry.objects.update(occurred_at=now() - timedelta(days=2))

    let_the_house_work()

    assert not Letter.objects.exists()


def test_without_a_mail_server_no_letter_is_begun(house, sink, settings):
    settings.MAIL_SERVER = None
    answer(house, asked(house))

    let_the_house_work()

    assert not Letter.objects.exists()


def test_the_link_of_a_letter_ends_when_the_conversation_was_long_resolved(house, sink):
    conversation = asked(house)
    answer(house, conversation)
    let_the_house_work()
    Conversation.objects.update(state="resolved", resolved_at=now() - timedelta(days=91))

    assert Client().get(link_in(sink), follow=True).status_code == 404


def test_a_code_that_is_asked_for_comes_by_letter_and_proves_the_address(house, sink):
    viewer = make_viewer(house)
    identity = claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email="chen.yu@mail.example")
    code = ask_for_code(viewer=viewer, identity=identity)

    for entry in Entry.objects.filter(kind="customer.code_asked_for"):
        follow(entry)
        follow(entry)
    run_letters()

    [letter] = sink.taken
    found = re.match(r"(\d{6}) ", str(letter.message["Subject"]))
    assert found is not None
    assert found.group(1) in letter.part("plain")
    assert found.group(1) in letter.part("html")
    assert not isinstance(prove_by_code(viewer=viewer, typed=found.group(1)), CodeProblem)
    assert code.identity.value == letter.recipient


def test_a_code_that_nobody_can_use_any_more_is_not_sent(house, sink):
    viewer = make_viewer(house)
    identity = claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email="chen.yu@mail.example")
    ask_for_code(viewer=viewer, identity=identity)
    for entry in Entry.objects.filter(kind="customer.code_asked_for"):
        follow(entry)
    OneTimeCode.objects.update(ends_at=now())

    run_letters()

    assert (sink.taken, Letter.objects.get().state) == ([], "withdrawn")


@pytest.mark.parametrize(
    ("phrase", "said"),
    [("蓝色的 <海豚>", "你的防钓鱼短语：蓝色的 <海豚>"), ("", "这封邮件没有你的防钓鱼短语")],
)
def test_every_letter_to_a_customer_holds_their_phrase_or_says_that_there_is_none(house, sink, phrase, said):
    conversation = asked(house)
    conversation.customer.phrase = phrase
    conversation.customer.save(update_fields=["phrase"])
    Identity.objects.update(level=Level.PROVEN)
    answer(house, conversation)

    let_the_house_work()

    assert said in sink.taken[0].part("plain")
    assert escape(said) in sink.taken[0].part("html")


@pytest.mark.slow
@pytest.mark.parametrize("level", [Level.PROVEN, Level.VOUCHED])
@pytest.mark.parametrize(("language", "said"), NOT_PROVEN.items())
def test_no_stranger_gets_a_customers_phrase_and_their_own_mailbox_does(house, sink, level, language, said):
    viewer = make_viewer(house)
    customer = Customer.objects.get(pk=viewer.customer_id)
    Customer.objects.update(phrase="领奖请加 <evil.example>", language=language)
    home = claim_email(customer=customer, email="chen.yu@mail.example")
    Identity.objects.filter(pk=home.pk).update(level=level)
    strangers = claim_email(customer=customer, email="wang.fang@mail.example")

    for identity in (strangers, home):
        ask_for_code(viewer=viewer, identity=identity)
        follow(Entry.objects.filter(kind="customer.code_asked_for").latest("pk"))
        run_letters()

    away, at_home = sink.taken
    for part in (away.part("plain"), away.part("html")):
        assert said in part
        assert "领奖" not in part
        assert "evil.example" not in part
    for part in (at_home.part("plain"), at_home.part("html")):
        assert said not in part
        assert "领奖请加" in part


def test_a_conversation_comes_by_letter_to_a_proven_mailbox_word_for_word(house, sink):
    conversation = asked(house)
    Identity.objects.update(level=Level.PROVEN)
    answer(house, conversation)
    answer(house, conversation, visibility=Visibility.STAFF)
    ask_for_transcript(viewer=viewer_of(conversation), conversation=conversation, language=Language.ZH_HANS)

    for entry in Entry.objects.filter(kind="conversation.transcript_asked_for"):
        follow(entry)
        follow(entry)
    run_letters()

    [letter] = sink.taken
    for part in (letter.part("plain"), letter.part("html")):
        assert "充的币还没到账" in part
        assert part.count("已经到账了，请查收") == 1, "The note with the same words stays behind the counter."
        assert "林美" in part


def test_a_mailbox_that_nobody_has_proven_gets_no_conversation(house, sink):
    conversation = asked(house)
    with pytest.raises(NoAddress):
        ask_for_transcript(viewer=viewer_of(conversation), conversation=conversation, language=Language.EN)
    with pytest.raises(Refused):
        ask_for_transcript(viewer=make_viewer(house), conversation=conversation, language=Language.EN)
