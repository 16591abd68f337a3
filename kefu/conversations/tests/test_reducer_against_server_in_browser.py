"""H1: whatever the line does, the browser's reducer ends with what the real server would show on a fresh page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from playwright.sync_api import Page

from kefu.accounts.actions import erase_customer
from kefu.accounts.models import Agent
from kefu.conversations import ahead, snapshot, topics
from kefu.conversations.actions import Cursor, Say, assign, move_cursor, rate, reopen, resolve, say
from kefu.conversations.drawing import Audience
from kefu.conversations.fresh import fresh
from kefu.conversations.models import Attachment, Conversation, Message, Verdict, Visibility
from kefu.conversations.tests.bad_line import BEGIN, Reader
from kefu.conversations.tests.browser import ORIGIN
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.uploads import send
from kefu.conversations.verbs.checking import look_at_file
from kefu.journal.actor import SYSTEM
from kefu.realtime.people import Person
from tests.seeds import examples, is_long

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
# So short that a thread of some dozens of events is replayed, drawn anew and paged.
WINDOW, MOST_REPLAYED = 8, 12
PLACES = some.integers(0, 30)
WORDS = some.sampled_from(["好", "还没到账", "密码: hunter2hunter2"])
SIDES = some.sampled_from(list(Audience))


def assert_same(reader: Reader) -> None:
    shown, truth = reader.thread(), reader.truth()
    assert [one["seq"] for one in shown["events"]] == [one["seq"] for one in truth["events"]]
    for line, event in zip(shown.pop("events"), truth.pop("events"), strict=True):
        assert line == event
    assert shown == truth


is_remembered = precondition(lambda self: self.conversation.erased_at is None)
# Making a failure shorter takes minutes of a browser's time.
PHASES = set(Phase) - (set() if is_long() else {Phase.shrink, Phase.explain})


class Talk(RuleBasedStateMachine):
    """One conversation: what people do in it, and what becomes of their frames."""

    def __init__(self, page: Page, house: House, others: list[Agent]) -> None:
        super().__init__()
        self.house, self.colleagues = house, [house.mei, *others]
        self.conversation = make_conversation(house)
        self.files: list[Attachment] = []
        self.steps = 0
        people = {
            Audience.CUSTOMER: (viewer_of(self.conversation), ""),
            Audience.STAFF: (house.mei, str(house.mei.name)),
        }
        self.readers = {
            side: Reader(page, self.conversation, Person(by.actor, name, by), side)
            for side, (by, name) in people.items()
        }

    def now(self) -> Conversation:
        self.steps += 1
        self.conversation.refresh_from_db()
        return self.conversation

    def by(self, who: int) -> Any:
        everybody = [viewer_of(self.conversation), *self.colleagues]
        return everybody[who % len(everybody)]

    def _say(self, by: Any, text: str, **fields: Any) -> None:
        say([Say(conversation_id=self.now().pk, by=by, client_id=make_client_id(), content=text, **fields)])

    @rule(who=PLACES, text=WORDS, number=some.integers(1, 4))
    def somebody_says(self, who: int, text: str, number: int = 1) -> None:
        for _ in range(number):
            self._say(self.by(who), text)

    @rule(text=WORDS)
    def somebody_notes(self, text: str) -> None:
        self._say(self.colleagues[-1], text, visibility=Visibility.STAFF)

    @rule(who=PLACES, back=some.integers(0, 3))
    def somebody_sees(self, who: int, back: int) -> None:
        by, conversation = self.by(who), self.now()
        last = conversation.seq if isinstance(by, Agent) else conversation.customer_seq
        seen = max(0, last - back)
        move_cursor([Cursor(conversation_id=conversation.pk, by=by, delivered=last, seen=seen)])

    @is_remembered
    @rule(to=some.integers(-1, 1))
    def it_is_given(self, to: int) -> None:
        assign(conversation=self.now(), to=self.colleagues[to] if to >= 0 else None, by=self.house.mei)

    @is_remembered
    @rule(who=PLACES)
    def it_is_resolved_or_opened_again(self, who: int) -> None:
        conversation = self.now()
        if conversation.is_resolved:
            reopen(conversation=conversation, by=self.by(who))
        else:
            resolve(conversation=conversation, by=self.house.mei)

    @is_remembered
    @precondition(lambda self: self.conversation.is_resolved)
    @rule(verdict=some.sampled_from(Verdict), words=some.sampled_from([None, "", "太慢了", "谢谢"]))
    def it_is_rated(self, verdict: Verdict, words: str | None) -> None:
        conversation = self.now()
        if conversation.is_resolved:
            rate(conversation=conversation, verdict=verdict, words=words, by=viewer_of(conversation))

    @is_remembered
    @rule(is_sound=some.booleans(), who=PLACES)
    def a_file_is_said(self, is_sound: bool, who: int) -> None:
        by = self.by(who)
        content = "转出记录".encode() if is_sound else b"%PDF-1.7 and then nothing"
        file = send(self.now(), by, content, name="转出记录.txt" if is_sound else "账单.pdf")
        self.files.append(file)
        self._say(by, "", files=(file.key,))

    @precondition(lambda self: self.files)
    @rule()
    def a_file_is_checked(self) -> None:
        look_at_file(attachment_id=self.files.pop(0).pk)

    @precondition(lambda self: self.steps > 12)
    @rule()
    def the_customer_is_forgotten(self) -> None:
        erase_customer(customer=self.now().customer, by=SYSTEM)
        self.conversation.refresh_from_db()

    @rule(side=SIDES, text=WORDS, is_note=some.booleans())
    def a_reader_writes(self, side: Audience, text: str, is_note: bool) -> None:
        is_staffs = side == Audience.STAFF and is_note
        self.readers[side].write(text, "staff" if is_staffs else "customer")

    @rule(side=SIDES, places=some.lists(PLACES, max_size=4), again=some.booleans())
    def news_come(self, side: Audience, places: list[int], again: bool) -> None:
        """The tail has looked; some of what is on its way comes, in whatever order."""
        self.readers[side].tail()
        for place in places:
            if self.readers[side].coming:
                self.readers[side].hear(place, again=again)

    @precondition(lambda self: any(one.going for one in self.readers.values()))
    @rule(side=SIDES, place=PLACES, again=some.booleans())
    def a_frame_goes(self, side: Audience, place: int, again: bool) -> None:
        if self.readers[side].going:
            self.readers[side].say(place, again=again)

    @rule(side=SIDES, is_coming=some.booleans(), place=PLACES)
    def a_frame_is_lost(self, side: Audience, is_coming: bool, place: int) -> None:
        self.readers[side].lose(place, is_coming=is_coming)

    @rule(side=SIDES, milliseconds=some.sampled_from([100, 6_000, 16_000]))
    def time_passes(self, side: Audience, milliseconds: int) -> None:
        self.readers[side].wait(milliseconds)

    @rule(side=SIDES)
    def a_reader_comes_back(self, side: Audience) -> None:
        self.readers[side].connect()

    @rule(side=SIDES)
    def a_reader_scrolls_up(self, side: Audience) -> None:
        if self.readers[side].state["earlier"]:
            self.readers[side].scroll_up()

    def teardown(self) -> None:
        for _ in range(2):
            # What one says in the end is news for the other.
            for reader in self.readers.values():
                reader.settle()
        for reader in self.readers.values():
            assert_same(reader)
            while reader.state["earlier"]:
                reader.scroll_up()
                reader.hear(0, again=False)
            assert_same(reader)
            for client_id in reader.written:
                stored = Message.objects.filter(client_id=client_id).count()
                assert stored == (0 if client_id in reader.given_up else 1)


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(snapshot, "EVENTS", WINDOW)
    monkeypatch.setattr(topics, "MOST_REPLAYED", MOST_REPLAYED)
    monkeypatch.setattr(ahead.hub, "is_heard", lambda _: True)
    fresh.begin()
    yield
    fresh.end()


def talks(page: Page) -> Callable[[], Talk]:
    house = make_house()
    others = [make_agent(house.team)]
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(BEGIN)
    return lambda: Talk(page, house, others)


def test_any_order_loss_and_repeat_ends_as_a_fresh_page(page: Page, short_windows: None) -> None:
    run_state_machine_as_test(
        talks(page), settings=settings(max_examples=examples(40), stateful_step_count=40, phases=PHASES)
    )


def test_words_beside_a_rating_are_changed_on_open_pages_too(page: Page, short_windows: None) -> None:
    talk = talks(page)()
    talk.it_is_resolved_or_opened_again(0)
    for words in ("太慢了", "谢谢"):
        talk.it_is_rated(Verdict.SOLVED, words)
        for reader in talk.readers.values():
            reader.settle()

    talk.teardown()


@pytest.mark.parametrize("is_drawn_anew", [False, True])
def test_a_page_of_history_brings_no_erased_word_back(
    page: Page, short_windows: None, is_drawn_anew: bool
) -> None:
    talk = talks(page)()
    for number in range(30):
        talk.somebody_says(number, "别让人看到")
    reader = talk.readers[Audience.CUSTOMER]
    reader.settle()
    reader.scroll_up()
    talk.the_customer_is_forgotten()
    if is_drawn_anew:
        reader.coming += reader.answers({"type": "watch", "topic": reader.topic, "after": -1})
    else:
        reader.tail()

    reader.hear(1, again=False)
    reader.hear(0, again=False)

    assert "别让人看到" not in str(reader.thread())
    talk.teardown()
