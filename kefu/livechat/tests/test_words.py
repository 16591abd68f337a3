"""The window says things as the glossary decided, and as they are said where its readers live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kefu.config.catalogues import read_po

LOCALE = Path(__file__).parents[1] / "locale"
# In traditional characters: words of the mainland, and turns of speech of the north.
OTHER_WORDS = {
    "zh_Hans": re.compile("对话|私人链接|專屬"),
    "zh_Hant": re.compile("私人連結|在線(?!上)|空檔的客服|這會兒|不會丟|鏈接|入金"),
}


@pytest.mark.parametrize("script", OTHER_WORDS)
def test_the_words_are_those_of_the_glossary(script: str) -> None:
    said = read_po((LOCALE / script / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8"))

    assert said
    assert [words for words in said.values() if OTHER_WORDS[script].search(words)] == []
