from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.conversations.actions import Conflict, Denied, Said, Say, Stale, Unknown, reopen, resolve, say
from kefu.conversations.models import Message, State, Turn, Visibility
from kefu.conversations.tests.factories import (
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db


def by_customer(conversation, text="在吗", **fields):
    return Say(
        conversation_id=conversation.pk,
        by=viewer_of(conversation),
        client_id=make_client_id(),
        content=text,
        **fields,
    )


def by_agent(conversation, agent, text="我在看这笔充值", *, spoken_seq=None, **fields):
    conversation.refresh_from_db()
    seen = conversation.spoken_seq if spoken_seq is None else spoken_seq
    return Say(
        conversation_id=conversation.pk,
        by=agent,
        client_id=make_client_id(),
        content=text,
        spoken_seq=seen,
        **fields,
    )


def note(conversation, agent, text="内部：等钱包组"):
    return Say(
        conversation_id=conversation.pk,
        by=agent,
        client_id=make_client_id(),
        content=text,
        visibility=Visibility.STAFF,
    )


def test_the_first_words_make_it_our_first_reply():
    conversation = make_conversation(make_house())

    assert conversation.turn == Turn.FIRST_REPLY
    assert conversation.waits_for_us
    assert conversation.last_line == "充的币还没到账"


def test_a_burst_of_lines_starts_the_clock_once():
    conversation = make_conversation(make_house())
    since = conversation.turn_since

    say([by_customer(conversation, "一"), by_customer(conversation, "二")])

    conversation.refresh_from_db()
    assert conversation.turn_since == since


def test_a_reply_gives_the_turn_to_the_customer_and_their_answer_gives_it_back():
    house = make_house()
    conversation = make_conversation(house)

    say([by_agent(conversation, house.mei)])
    conversation.refresh_from_db()
    assert (conversation.turn, conversation.assignee) == (Turn.CUSTOMER, house.mei)

    say([by_customer(conversation)])
    conversation.refresh_from_db()
    assert conversation.turn == Turn.NEXT_REPLY


def test_sending_again_gives_the_first_result():
    conversation = make_conversation(make_house())
    one = by_customer(conversation, "只说一次")

    first, second = say([one])[0], say([one, one])

    assert isinstance(first, Said)
    assert [answer.message.pk for answer in second] == [first.message.pk] * 2
    assert Message.objects.filter(client_id=one.client_id).count() == 1


def test_the_same_client_id_with_other_words_is_a_conflict():
    conversation = make_conversation(make_house())
    one = by_customer(conversation, "甲")
    other = Say(conversation_id=conversation.pk, by=one.by, client_id=one.client_id, content="乙")

    assert isinstance(say([one])[0], Said)
    assert say([other]) == [Conflict()]


def test_counters_are_dense_for_each_audience_and_notes_leave_no_hole():
    house = make_house()
    conversation = make_conversation(house)

    say(
        [
            note(conversation, house.mei),
            by_agent(conversation, house.mei),
            note(conversation, house.mei),
            by_customer(conversation),
        ]
    )

    entries = Entry.objects.filter(conversation_id=conversation.pk).order_by("pk")
    seqs = [entry.seq for entry in entries]
    customer_seqs = [entry.customer_seq for entry in entries if entry.customer_seq is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    assert customer_seqs == list(range(1, len(customer_seqs) + 1))
    conversation.refresh_from_db()
    assert (conversation.seq, conversation.customer_seq) == (seqs[-1], customer_seqs[-1])


def test_a_reply_that_did_not_see_the_latest_words_is_stale_and_changes_nothing():
    house = make_house()
    conversation = make_conversation(house)
    seen = conversation.spoken_seq
    say([by_customer(conversation, "等等，我看错了")])
    before = Entry.objects.count()

    answer = say([by_agent(conversation, house.mei, spoken_seq=seen)])[0]

    conversation.refresh_from_db()
    assert answer == Stale(conversation.spoken_seq)
    assert Entry.objects.count() == before


def test_a_colleagues_reply_makes_mine_stale_but_my_own_does_not():
    house = make_house()
    conversation = make_conversation(house)
    seen = conversation.spoken_seq
    colleague = make_agent(house.team)

    assert isinstance(say([by_agent(conversation, house.mei, "一", spoken_seq=seen)])[0], Said)
    assert isinstance(say([by_agent(conversation, house.mei, "二", spoken_seq=seen)])[0], Said)
    assert isinstance(say([by_agent(conversation, colleague, "三", spoken_seq=seen)])[0], Stale)


def test_a_note_is_never_stale_and_changes_no_turn():
    house = make_house()
    conversation = make_conversation(house)
    say([by_customer(conversation)])

    answer = say([note(conversation, house.mei)])[0]

    conversation.refresh_from_db()
    assert isinstance(answer, Said)
    assert conversation.turn == Turn.FIRST_REPLY
    assert "内部" not in conversation.last_line


def test_a_resolved_conversation_opens_again_when_the_customer_writes():
    house = make_house()
    conversation = make_conversation(house)
    resolve(conversation=conversation, by=house.mei)

    say([by_customer(conversation, "还是没到")])

    conversation.refresh_from_db()
    assert (conversation.state, conversation.turn, conversation.resolved_at) == (
        State.OPEN,
        Turn.NEXT_REPLY,
        None,
    )


def test_resolving_twice_is_harmless_and_reopening_gives_the_turn_back():
    house = make_house()
    conversation = make_conversation(house)
    resolve(conversation=conversation, by=house.mei)
    entries = Entry.objects.count()

    resolve(conversation=conversation, by=house.mei)
    assert Entry.objects.count() == entries

    assert reopen(conversation=conversation, by=house.mei).turn == Turn.NEXT_REPLY


def test_a_secret_is_gone_before_it_is_stored():
    conversation = make_conversation(make_house())
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"

    answer = say([by_customer(conversation, f"我的助记词 {words}")])[0]

    message = Message.objects.get(pk=answer.message.pk)
    conversation.refresh_from_db()
    assert "⟦secret:mnemonic⟧" in message.text
    assert message.secrets == ["mnemonic"]
    assert "sausage" not in message.text + conversation.last_line


@pytest.mark.parametrize("visibility", [Visibility.CUSTOMER, Visibility.STAFF])
def test_mallory_says_nothing(visibility):
    house, elsewhere = make_house(), make_house("other", "QT")
    conversation = make_conversation(house)
    for mallory in (make_viewer(house), make_viewer(elsewhere), house.stranger, elsewhere.mei):
        one = Say(
            conversation_id=conversation.pk,
            by=mallory,
            client_id=make_client_id(),
            content="我",
            visibility=visibility,
            spoken_seq=99,
        )
        assert say([one]) == [Unknown()]
    assert say([Say(conversation_id=10**9, by=house.mei, client_id=make_client_id(), content="?")]) == [
        Unknown()
    ]


def test_a_customer_writes_no_notes():
    conversation = make_conversation(make_house())

    assert say([by_customer(conversation, visibility=Visibility.STAFF)]) == [Denied()]


def test_one_bad_message_fails_alone():
    house = make_house()
    conversation = make_conversation(house)
    mallory = Say(
        conversation_id=conversation.pk, by=make_viewer(house), client_id=make_client_id(), content="x"
    )

    answers = say([by_customer(conversation), mallory, by_customer(conversation)])

    assert [type(answer) for answer in answers] == [Said, Unknown, Said]


def test_many_messages_cost_as_many_statements_as_two():
    house = make_house()
    conversation = make_conversation(house)
    say([by_agent(conversation, house.mei), by_customer(conversation)])

    def statements(number):
        batch = [by_customer(conversation, f"第 {n} 句") for n in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            say(batch)
        return len(captured)

    assert statements(16) == statements(2)
