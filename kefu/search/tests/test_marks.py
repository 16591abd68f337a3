from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kefu.search.marks import mark, snippet
from kefu.search.words import Term


def _matches(segments: object) -> list[str]:
    return [one.text for one in segments if one.is_match]  # type: ignore[attr-defined]


def test_a_traditional_text_is_marked_by_a_simplified_word() -> None:
    assert _matches(mark("提領一直審核中", [Term("提领"), Term("审核")])) == ["提領", "審核"]


def test_overlapping_pairs_make_one_mark() -> None:
    assert _matches(mark("充币没到账", [Term("没到"), Term("到账")])) == ["没到账"]


def test_full_width_letters_are_marked_as_they_stand() -> None:
    assert _matches(mark("网络 ＴＲＣ２０ 拥堵", [Term("trc20")])) == ["ＴＲＣ２０"]


def test_a_word_is_marked_whole_or_not_at_all() -> None:
    assert _matches(mark("withdraw withdrawal", [Term("withdraw")])) == ["withdraw"]
    assert _matches(mark("withdraw withdrawal", [Term("withdraw", is_prefix=True)])) == [
        "withdraw",
        "withdrawal",
    ]


def test_markup_in_a_text_stays_text() -> None:
    text = "<script>提现</script>"

    assert "".join(one.text for one in mark(text, [Term("提现")])) == text


def test_the_passage_with_most_matches_is_shown_from_its_sentence() -> None:
    text = "开头和问题无关。" * 40 + "提现审核一般几分钟。提现可以撤销。" + "结尾也无关。" * 40

    shown = snippet(text, [Term("提现"), Term("审核")])

    words = "".join(one.text for one in shown)
    assert words.startswith("…提现审核")
    assert words.endswith("…")
    assert _matches(shown) == ["提现审核", "提现"]


def test_without_a_match_the_beginning_is_shown() -> None:
    words = "".join(one.text for one in snippet("第一句。" * 100, [Term("zz")]))

    assert words.startswith("第一句。")
    assert words.endswith("…")


@given(st.text(max_size=400), st.integers(1, 60))
def test_a_snippet_is_a_piece_of_the_text(text: str, width: int) -> None:
    words = "".join(one.text for one in snippet(text, [Term("a"), Term("提")], width=width))

    assert words.strip("…").replace(" ", "") in text.replace("\n", "").replace(" ", "") or "…" in text
    assert len(words) <= width + 2
