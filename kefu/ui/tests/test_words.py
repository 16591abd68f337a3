"""All rooms say things as the glossary decided, and as they are said where its readers live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kefu.config.catalogues import read_po

KEFU = Path(__file__).parents[2]
# In traditional characters: words of the mainland, and turns of speech of the north.
OTHER_WORDS = {
    "zh_Hans": re.compile("对话|私人链接|專屬"),
    "zh_Hant": re.compile("私人連結|在線(?!上)|空檔的客服|這會兒|不會丟|鏈接|(?<!法幣)入金"),
}


@pytest.mark.parametrize("script", OTHER_WORDS)
def test_the_words_are_those_of_the_glossary(script: str) -> None:
    catalogues = sorted(KEFU.glob(f"*/locale/{script}/LC_MESSAGES/django.po"))
    said = [words for one in catalogues for words in read_po(one.read_text(encoding="utf-8")).values()]

    assert len(catalogues) > 10
    assert [words for words in said if OTHER_WORDS[script].search(words)] == []
