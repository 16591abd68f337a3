"""A folder of articles to import, and what a reader sees of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kefu.brands.models import Brand
from kefu.helpcentre.importer import import_articles
from kefu.helpcentre.searchable import ARTICLES
from kefu.journal.actor import SYSTEM
from kefu.search.actions import reindex

LANGUAGES = ("zh-hans", "zh-hant", "en")
CATEGORIES = """
[[category]]
key = "deposits"
icon = "wallet"
topic = "account"
names = { zh-hans = "充值与提现", zh-hant = "加值與提領", en = "Deposits & withdrawals" }

[[category]]
key = "empty"
icon = "shield"
names = { zh-hans = "空的", zh-hant = "空的", en = "Empty" }
"""
ARTICLE = """
number = {number}
category = "deposits"
audience = "{audience}"
review_on = 2030-01-01
owners = {{ zh-hans = "充提团队", zh-hant = "加值提領小組", en = "the deposits team" }}
"""
TEXT = """+++
title = "{title}"
summary = "{title}: {{{{ facts.hours }}}}"
synonyms = ["{title} 一", "{title} 二", "{title} 三"]
reviewed_on = 2026-11-24
+++
{text}
"""


class Shelf:
    """Writes articles into a folder and imports it."""

    def __init__(self, folder: Path, brand: Brand) -> None:
        self.folder, self.brand = folder, brand
        (folder / "categories.toml").write_text(CATEGORIES, encoding="utf-8")
        (folder / "facts.toml").write_text(
            '[hours]\nzh-hans = "九点"\nzh-hant = "九點"\nen = "nine"\n', encoding="utf-8"
        )

    def put(
        self, slug: str, *, number: int = 1, audience: str = "public", title: str = "", text: str = "第一段。"
    ) -> Path:
        place = self.folder / "articles" / slug
        place.mkdir(parents=True, exist_ok=True)
        (place / "article.toml").write_text(
            ARTICLE.format(number=number, audience=audience), encoding="utf-8"
        )
        for language in LANGUAGES:
            words = TEXT.format(title=f"{title or slug} {language}", text=text)
            (place / f"{language}.md").write_text(words, encoding="utf-8")
        return place

    def bring_in(self) -> tuple[int, int]:
        done = import_articles(self.folder, brand=self.brand, by=SYSTEM)
        reindex(source=ARTICLES)
        return done.written, done.unchanged


@pytest.fixture
def brand(db: None) -> Brand:
    return Brand.objects.create(
        key="xinghai", name="星海 Exchange", prefix="XH", domain="xinghai.example", languages=list(LANGUAGES)
    )


@pytest.fixture
def shelf(tmp_path: Path, brand: Brand) -> Shelf:
    return Shelf(tmp_path, brand)


@pytest.fixture
def address() -> Callable[[str, str], str]:
    return lambda kind, name: f"/{kind}/{name}"
