"""The colour of a letter's button is the brand's, and white can be read on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kefu.ui
from kefu.brands.colour import CHROMA, LIGHTNESS, accent_fill

TOKENS = (Path(kefu.ui.__file__).parent / "static/ui/tokens.css").read_text()


def luminance(colour: str) -> float:
    """As WCAG 2.2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_it_is_the_fill_of_the_pages() -> None:
    assert f"--accent-fill: light-dark(oklch({LIGHTNESS} {CHROMA} var(--accent-h))" in TOKENS
    usual = re.search(r"--accent-h: (\d+);", TOKENS)
    plain = re.search(r"--accent-fill: (#[0-9a-f]{6});", TOKENS)
    assert usual
    assert plain
    assert accent_fill(int(usual.group(1))) == plain.group(1)


@pytest.mark.parametrize("hue", range(0, 361, 5))
def test_white_words_can_be_read_on_every_hue(hue: int) -> None:
    assert 1.05 / (luminance(accent_fill(hue)) + 0.05) >= 4.5


def test_hues_differ_and_the_circle_closes() -> None:
    assert len({accent_fill(hue) for hue in range(0, 360, 30)}) == 12
    assert accent_fill(0) == accent_fill(360)
