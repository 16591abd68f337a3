from __future__ import annotations

import pytest

from kefu.search.ideas import read_table, table
from kefu.search.query import read_query
from kefu.search.slips import mended, slips_between
from kefu.search.sounds import is_spelling, readings, spellings
from kefu.search.suggesting import suggestion
from kefu.search.units import stem, units


@pytest.mark.parametrize(
    ("typed", "ideas"),
    [
        ("充值没到账", {"deposit", "not_arrived"}),
        ("加值還沒入帳", {"deposit", "not_arrived"}),
        ("My deposit hasn't been credited", {"deposit", "not_arrived"}),
        ("冲币没道帐", {"deposit", "not_arrived"}),
        ("chongbi meidaozhang", {"deposit", "not_arrived"}),
        ("chong bi mei dao zhang", {"deposit", "not_arrived"}),
        ("提线", {"withdraw"}),
        ("withdrawl", {"withdraw"}),
        ("yzm", {"code"}),
        ("ＫＹＣ", {"identity"}),
        ("充值 not credited", {"deposit", "not_arrived"}),
    ],
)
def test_many_ways_of_saying_it_are_one_idea(typed: str, ideas: set[str]) -> None:
    assert ideas <= set(read_query(typed).ideas)


def test_the_longest_reading_counts_and_what_is_inside_counts_less() -> None:
    said = list(table().found_in(list(units("银行卡冻结"))))

    assert [one.idea for one in said if not one.is_inner] == ["card_frozen"]
    assert "bank" in {one.idea for one in said if one.is_inner}


def test_a_phrase_that_is_only_small_words_but_one_says_nothing() -> None:
    small = read_table("thing = where is, here\n")

    assert [one.idea for one in small.found_in(list(units("where are you")))] == []
    assert [one.idea for one in small.found_in(list(units("here")))] == ["thing"]


def test_a_choice_in_the_table_stands_for_each() -> None:
    assert read_table("late~ = {not,never} {here,come}\n").words["late"] == (
        *("not here", "not come", "never here", "never come"),
    )


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("pasword", "password"),
        ("deposti", "deposit"),
        ("authentcator", "authenticator"),
        ("zzzzzz", None),
        ("abcd", None),
    ],
)
def test_a_slip_is_mended_and_a_strange_word_left_alone(word: str, right: str | None) -> None:
    assert mended(word) == right


def test_exchanged_neighbours_are_one_slip() -> None:
    assert slips_between("deposti", "deposit") == 1
    assert slips_between("cat", "dog") == 3


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("deposits", "deposit"),
        ("charged", "charg"),
        ("charging", "charg"),
        ("address", "address"),
        ("fees", "fee"),
        ("tx", "tx"),
    ],
)
def test_english_endings_are_dropped_alike(word: str, bare: str) -> None:
    assert stem(word) == bare


def test_characters_are_spelled_without_tones() -> None:
    assert readings("充") == ("chong",)
    assert readings("a") == ()
    assert ("yin", "hang") in set(spellings("银行"))
    assert is_spelling("tixian")
    assert not is_spelling("withdraw")


def test_every_name_in_the_table_is_of_its_own_and_every_idea_has_words() -> None:
    for idea, words in table().words.items():
        assert words, idea
        assert len(set(words)) > 1, idea


def test_a_suggestion_is_of_the_trade_or_none() -> None:
    assert suggestion("wizdrawll", "en") == "withdrawal"
    assert suggestion("zzzzzz", "en") == ""
