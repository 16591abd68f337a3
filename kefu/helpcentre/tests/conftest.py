"""A folder of articles to import, and what a reader sees of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from kefu.accounts.models import Agent, Knowledge, TokenScope
from kefu.brands.models import Brand
from kefu.helpcentre.importer import import_articles
from kefu.helpcentre.models import Category
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import make_editor, make_shelf
from kefu.helpcentre.tests.programs import Program
from kefu.journal.actor import SYSTEM
from kefu.search.actions import reindex
from tests.filled import filled_once

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


def folder_filled_by(fill: Callable[[Shelf], None]) -> Any:
    """A fixture of a module: the folder of a shelf that is filled and brought in once for its tests."""

    @pytest.fixture(scope="module")
    def folder(
        django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Path]:
        place = tmp_path_factory.mktemp("articles")
        with filled_once(django_db_blocker, lambda: fill(Shelf(place, make_brand()))):
            yield place

    return folder


def shelf_filled_by(fill: Callable[[Shelf], None]) -> tuple[Any, Any, Any]:
    """The fixtures `folder`, `brand` and `filled` of a module whose tests share such a shelf, each in a folder of its own."""

    @pytest.fixture
    def brand(folder: Path, db: None) -> Brand:
        return Brand.objects.get()

    @pytest.fixture
    def filled(folder: Path, tmp_path: Path, brand: Brand) -> Shelf:
        return Shelf(shutil.copytree(folder, tmp_path / "articles"), brand)

    return folder_filled_by(fill), brand, filled


def make_brand() -> Brand:
    return Brand.objects.create(
        key="xinghai", name="星海 Exchange", prefix="XH", domain="xinghai.example", languages=list(LANGUAGES)
    )


@pytest.fixture
def brand(db: None) -> Brand:
    return make_brand()


@pytest.fixture
def shelf(tmp_path: Path, brand: Brand) -> Shelf:
    return Shelf(tmp_path, brand)


@pytest.fixture
def address() -> Callable[[str, str], str]:
    return lambda kind, name: f"/{kind}/{name}"


@pytest.fixture
def category(brand: Brand) -> Category:
    brand.hosts = ["testserver"]
    brand.save(update_fields=["hosts"])
    return make_shelf(brand)


@pytest.fixture
def writer(brand: Brand, category: Category) -> Agent:
    return make_editor(brand, Knowledge.WRITES, "何思恩")


@pytest.fixture
def publisher(brand: Brand, category: Category) -> Agent:
    return make_editor(brand)


@pytest.fixture
def program(writer: Agent) -> Program:
    return Program(writer)


@pytest.fixture
def press(publisher: Agent) -> Program:
    """A program that publishes too."""
    return Program(publisher, *TokenScope)
