from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.search.query import read_query
from kefu.search.tokens import LONGEST, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提现没到账", ["提现", "现没", "没到", "到账", "账"]),
        ("币", ["币"]),
        ("TxID：0xAB12-99", ["txid", "0xab12", "99"]),
        ("错误ERR_1021。", ["错误", "误", "err", "1021"]),
        ("订单号2026112400001", ["订单", "单号", "号", "2026112400001"]),
        ("support@xinghai.example", ["support", "xinghai", "example"]),
        ("，。！ …", []),
    ],
)
def test_runs_are_cut_into_pairs_or_kept_whole(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_a_hash_is_one_token_and_a_monster_is_cut() -> None:
    assert tokens("a" * 64) == ["a" * 64]
    assert tokens("a" * 1000) == ["a" * LONGEST]


@given(st.text(max_size=80))
def test_no_token_holds_what_an_index_reads_as_its_own_language(text: str) -> None:
    for token in tokens(text):
        assert token
        assert not set(token) & set("'\"\\:*()|&! \t\n")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("我的火锅怎么还没煮好？", ["火锅", "还没", "没煮", "煮好"]),
        ("how do I cook my noodles", ["cook", "noodles"]),
        ("锅", ["锅"]),
        ("怎么办", ["怎么", "么办"]),
        ("...!?", []),
    ],
)
def test_words_that_only_ask_are_left_out_where_there_are_others(typed: str, terms: list[str]) -> None:
    wanted = read_query(typed).wanted

    assert [one.terms[0][0].text for one in wanted] == terms


def test_a_single_letter_and_a_number_in_part_are_beginnings() -> None:
    letter, number = read_query("锅 2026").wanted

    assert letter.terms[0][0].is_prefix
    assert number.terms[-1][0].is_prefix
    assert not number.terms[0][0].is_prefix


def test_a_long_query_is_bounded() -> None:
    assert len(read_query("提现没到账" * 500).wanted) <= 32
