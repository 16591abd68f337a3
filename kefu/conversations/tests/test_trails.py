"""What was read and searched before asking is kept with the question, guarded, and goes with the customer's data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pytest

from kefu.brands.models import Brand
from kefu.conversations import trails
from kefu.conversations.models import Conversation, TrailStep
from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.conversations.tests.queries import asking
from kefu.conversations.trails import LONGEST, LONGEST_WORDS, SEARCH, Page, PageKind, Step

pytestmark = pytest.mark.django_db

NUMBERS = {"nine": 9, "ten": 10}


def _find(_: Brand, names: Collection[str]) -> Mapping[str, int]:
    return {name: NUMBERS[name] for name in names if name in NUMBERS}


def _draw(ids: Collection[int], language: str) -> Mapping[int, Page]:
    return {one: Page(f"{language} {one}", f"/{language}/{one}/") for one in ids if one != NUMBERS["ten"]}


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture(autouse=True)
def leaflets() -> Iterator[None]:
    trails.register("leaflet", PageKind(find=_find, draw=_draw))
    yield
    del trails._kinds["leaflet"]


def kept(house: House, *steps: Step) -> Conversation:
    conversation = make_conversation(house)
    trails.keep(conversation, steps)
    return conversation


def shown(conversation: Conversation) -> list[tuple[str, str, str]]:
    return [(one.kind, one.title, one.path) for one in trails.drawn(conversation.trail.all(), "en")]


def test_steps_are_shown_in_their_order_in_the_readers_language(house: House) -> None:
    conversation = kept(house, Step(SEARCH, "  充币   没到账 "), Step("leaflet", "nine"))

    assert shown(conversation) == [(SEARCH, "充币 没到账", ""), ("leaflet", "en 9", "/en/9/")]


def test_a_page_that_nobody_knows_and_a_kind_that_nobody_registered_are_left_out(house: House) -> None:
    conversation = kept(
        house, Step("leaflet", "eleven"), Step("poster", "nine"), Step(SEARCH, "  "), Step("leaflet", "nine")
    )

    assert shown(conversation) == [("leaflet", "en 9", "/en/9/")]


def test_a_page_that_is_gone_since_is_left_out(house: House) -> None:
    assert shown(kept(house, Step("leaflet", "ten"), Step("leaflet", "nine"))) == [
        ("leaflet", "en 9", "/en/9/")
    ]


def test_the_last_steps_are_kept_and_long_words_are_cut(house: House) -> None:
    conversation = kept(
        house,
        *(Step(SEARCH, f"第 {number} 次") for number in range(LONGEST + 3)),
        Step(SEARCH, "长" * (LONGEST_WORDS + 1)),
    )

    words = [title for _, title, _ in shown(conversation)]
    assert words[0] == "第 4 次"
    assert words[-1] == "长" * LONGEST_WORDS
    assert len(words) == LONGEST


def test_a_secret_that_was_searched_for_is_not_kept(house: House) -> None:
    conversation = kept(house, Step(SEARCH, "我的密码是 hunter2hunter2 登不上"))

    assert "hunter2" not in str(TrailStep.objects.get(conversation=conversation).words)
    assert "⟦secret:password⟧" in shown(conversation)[0][1]


def test_a_long_trail_is_kept_and_drawn_with_as_many_questions_as_a_short_one(house: House) -> None:
    conversation = make_conversation(house)
    with asking() as asked:
        trails.keep(conversation, [Step(SEARCH, f"第 {number} 次") for number in range(LONGEST)])
    asked.of(sqlite=1, postgresql=1)
    with asking() as asked:
        assert len(shown(conversation)) == LONGEST
    asked.of(sqlite=1, postgresql=1)
