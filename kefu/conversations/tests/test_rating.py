"""What the customer says when it is done, and opening it again."""

from __future__ import annotations

import pytest

from kefu.accounts.models import Role
from kefu.accounts.policy import Refused
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.actions import (
    LONGEST_WORDS,
    NotResolved,
    WordsTooLong,
    assign,
    rate,
    reopen,
    resolve,
)
from kefu.conversations.models import Conversation, Rating, Turn, Verdict
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def done(house: House) -> Conversation:
    conversation = make_conversation(house)
    assign(conversation=conversation, to=house.mei, by=house.mei)
    return resolve(conversation=conversation, by=house.mei)


def kinds_since(conversation: Conversation, seq: int) -> list[str]:
    entries = Entry.objects.filter(conversation_id=conversation.pk, seq__gt=seq).order_by("seq")
    return [entry.kind for entry in entries]


def test_one_tap_is_kept_with_who_looked_after_it(house: House, done: Conversation) -> None:
    rating = rate(conversation=done, verdict=Verdict.SOLVED, by=viewer_of(done))

    assert (rating.verdict, str(rating.words), rating.of_resolution) == ("solved", "", done.resolved_at)
    assert (rating.team, rating.agent) == (house.team, house.mei)
    assert kinds_since(done, done.seq) == ["conversation.rated"]


def test_a_new_line_of_a_form_is_that_of_a_script(done: Conversation) -> None:
    typed = "\n".join(["行" * 47] * 20)
    typed += "尾" * (LONGEST_WORDS - len(typed))
    rate(conversation=done, verdict=Verdict.SOLVED, words=typed, by=viewer_of(done))
    said = kinds_since(done, done.seq)

    posted = typed.replace("\n", "\r\n")
    rating = rate(conversation=done, verdict=Verdict.SOLVED, words=posted, by=viewer_of(done))

    assert kinds_since(done, done.seq) == said
    assert str(rating.words) == typed


def test_words_may_come_after_the_tap_or_with_it(done: Conversation) -> None:
    rate(conversation=done, verdict=Verdict.SOLVED, by=viewer_of(done))
    rate(conversation=done, verdict=Verdict.NOT_SOLVED, words=" 还差一步 ", by=viewer_of(done))

    rating = Rating.objects.get()
    assert (rating.verdict, str(rating.words)) == ("not_solved", "还差一步")
    assert kinds_since(done, done.seq) == [
        "conversation.rated",
        "conversation.rated",
        "conversation.rating_explained",
    ]


def test_a_second_tap_without_words_leaves_those_of_before(done: Conversation) -> None:
    rate(conversation=done, verdict=Verdict.SOLVED, words="谢谢", by=viewer_of(done))
    rate(conversation=done, verdict=Verdict.NOT_SOLVED, by=viewer_of(done))
    assert str(Rating.objects.get().words) == "谢谢"

    rate(conversation=done, verdict=Verdict.NOT_SOLVED, words="", by=viewer_of(done))
    assert str(Rating.objects.get().words) == ""


def test_the_same_twice_is_told_once(done: Conversation) -> None:
    for _ in range(2):
        rate(conversation=done, verdict=Verdict.SOLVED, words="谢谢", by=viewer_of(done))

    assert kinds_since(done, done.seq) == ["conversation.rated", "conversation.rating_explained"]


def test_each_resolution_has_a_rating_of_its_own(house: House, done: Conversation) -> None:
    rate(conversation=done, verdict=Verdict.NOT_SOLVED, by=viewer_of(done))
    reopen(conversation=done, by=viewer_of(done))
    again = resolve(conversation=done, by=house.mei)
    rate(conversation=again, verdict=Verdict.SOLVED, by=viewer_of(done))

    assert list(Rating.objects.order_by("pk").values_list("verdict", flat=True)) == ["not_solved", "solved"]


def test_a_secret_in_the_words_is_not_kept(done: Conversation) -> None:
    rate(conversation=done, verdict=Verdict.SOLVED, words="密码: hunter2hunter2", by=viewer_of(done))

    assert "hunter2" not in str(Rating.objects.get().words)


def test_there_is_nothing_to_rate_before_it_is_resolved(house: House) -> None:
    conversation = make_conversation(house)

    with pytest.raises(NotResolved):
        rate(conversation=conversation, verdict=Verdict.SOLVED, by=viewer_of(conversation))
    assert not Rating.objects.exists()


def test_too_many_words_are_refused_and_nothing_is_kept(done: Conversation) -> None:
    with pytest.raises(WordsTooLong):
        rate(conversation=done, verdict=Verdict.SOLVED, words="长" * (LONGEST_WORDS + 1), by=viewer_of(done))
    assert not Rating.objects.exists()


def test_mallory_neither_rates_nor_opens_somebody_elses(house: House, done: Conversation) -> None:
    elsewhere = make_house("other", "TH")
    strangers: list[CustomerViewer] = [
        make_viewer(house),
        make_viewer(elsewhere),
        CustomerViewer(done.customer_id, elsewhere.brand.pk),
        CustomerViewer(done.customer_id, done.brand_id, only_conversation_id=done.pk + 1),
    ]

    for mallory in strangers:
        with pytest.raises(Refused):
            rate(conversation=done, verdict=Verdict.SOLVED, by=mallory)
        with pytest.raises(Refused):
            reopen(conversation=done, by=mallory)
    for role in Role:
        agent = make_agent(house.team, role=role)
        with pytest.raises(Refused):
            rate(conversation=done, verdict=Verdict.SOLVED, by=agent)  # type: ignore[arg-type]
    assert not Rating.objects.exists()


def test_a_customer_who_opens_it_again_gives_us_the_turn(house: House, done: Conversation) -> None:
    Conversation.objects.filter(pk=done.pk).update(last_by_staff=True)

    assert reopen(conversation=done, by=viewer_of(done)).turn == Turn.NEXT_REPLY
    assert kinds_since(done, done.seq) == ["conversation.reopened"]
