from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.search import folding
from kefu.search.folding import fold, fold_with_origins


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＴＲＣ２０", "trc20"),
        ("提領", "提领"),
        ("帳戶與網路", "账户与网路"),
        ("Café ÉCLAIR", "cafe eclair"),
        ("Straße", "strasse"),
        ("㈱", "(株)"),
        ("プロ", "プロ"),
        ("您的帐号", "你的账号"),
        ("", ""),
    ],
)
def test_many_ways_of_writing_become_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_each_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded = fold_with_origins(text)

    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= place < len(text) for place in folded.origins)


@given(st.text(alphabet="提領帳戶頭髮乾燥Aa１Éß", max_size=20))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("name", ["_plain", "_simplified_letter"])
def test_strangers_letters_fill_no_memory(name: str) -> None:
    folded = getattr(folding, name)

    for number in range(0x4E00, 0x4E00 + 2 * folding.REMEMBERED):
        folded(chr(number))

    assert folded.cache_info().currsize == folding.REMEMBERED
