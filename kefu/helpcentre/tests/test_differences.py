from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.helpcentre.differences import Kind, Line, Piece, differ
from tests.seeds import examples


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(str(piece.kind), piece.text) for line in differ(before, after) for piece in line.pieces]


def test_in_chinese_a_letter_that_changed_is_seen_alone() -> None:
    assert pieces("提现需要十分钟。", "提现需要五分钟。") == [
        ("same", "提现需要"),
        ("out", "十"),
        ("in", "五"),
        ("same", "分钟。"),
    ]


def test_in_english_a_word_is_the_smallest_that_changes() -> None:
    assert pieces("wait ten minutes", "wait five minutes") == [
        ("same", "wait "),
        ("out", "ten"),
        ("in", "five"),
        ("same", " minutes"),
    ]


def test_what_is_far_from_a_change_is_left_out_and_counted() -> None:
    before = "\n".join(str(number) for number in range(20))

    lines = differ(before, before.replace("10", "ten"))

    assert lines[0] == Line((), 8)
    assert [line.pieces[0].text for line in lines[1:3]] == ["8", "9"]
    assert lines[-1] == Line((), 7)


def test_what_is_alike_has_no_difference() -> None:
    assert differ("one\ntwo", "one\ntwo") == []


def test_a_text_that_is_all_new_is_shown_whole() -> None:
    lines = differ("", "一\n\n二")

    assert [piece for line in lines for piece in line.pieces] == [
        Piece(Kind.IN, "一"),
        Piece(Kind.IN, "二"),
    ]


@settings(max_examples=examples(100))
@given(st.text(alphabet="ab 一二\n", max_size=40), st.text(alphabet="ab 一二\n", max_size=40))
def test_before_and_after_can_be_read_back(before: str, after: str) -> None:
    lines = differ(before, after)
    if any(line.skipped for line in lines):
        return

    def read(left_out: Kind) -> str:
        return "".join(piece.text for line in lines for piece in line.pieces if piece.kind is not left_out)

    if lines:
        assert read(Kind.IN) == "".join(before.splitlines())
        assert read(Kind.OUT) == "".join(after.splitlines())
    else:
        assert before.splitlines() == after.splitlines()


def test_many_lines_that_are_alike_take_no_time() -> None:
    before = "same\n" * 4_000
    began = time.thread_time()

    found = differ(before, before + "new\n")

    assert time.thread_time() - began < 2
    assert any(piece.kind == Kind.IN and "new" in piece.text for line in found for piece in line.pieces)
