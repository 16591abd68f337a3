"""Text as the guard reads it: whatever stands in it, each folded character is told where it came from."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kefu.safety.finders import folding
from kefu.safety.finders.folding import fold


@given(st.text(max_size=40))
@example("ｐａｓｓ密码：①２３")
@example("a\u200bb\ufeffc")
@example("ﬃ㎏½\u2028")
@example("密\x7f码\x80，")
def test_each_folded_character_comes_from_the_one_at_its_place(text: str) -> None:
    folded = fold(text)

    alone = [fold(character).plain for character in text]
    assert folded.plain == "".join(alone)
    assert list(folded.places) == [place for place, one in enumerate(alone) for _ in one]
    assert folded.low == "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in folded.plain)


def test_characters_that_no_more_room_is_for_fold_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    folding._folded.cache_clear()
    monkeypatch.setattr(folding, "MOST_KNOWN", 0)

    folded = fold("ＡＢ\u200bＣ密码")

    assert (folded.plain, folded.low, list(folded.places)) == ("ABC密码", "abc密码", [0, 1, 3, 4, 5])
