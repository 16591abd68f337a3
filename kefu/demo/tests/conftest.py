from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from kefu.brands.models import Brand
from kefu.demo.reading import CONTENT
from kefu.helpcentre.folder import ArticleFile, read_folder
from kefu.helpcentre.searchable import ARTICLES
from kefu.search.actions import reindex
from tests.filled import filled_once

LANGUAGES = ("zh-hans", "zh-hant", "en")


@pytest.fixture(scope="session")
def articles() -> tuple[ArticleFile, ...]:
    return read_folder(CONTENT, languages=LANGUAGES).articles


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the command said that has filled an empty house."""
    with filled_once(django_db_blocker, _fill) as said:
        yield said


def _fill() -> str:
    said = StringIO()
    call_command("demo_fill", stdout=said)
    reindex(source=ARTICLES)
    return said.getvalue()


@pytest.fixture
def xinghai(filled: str, db: None) -> Brand:
    """The whole demo; what a test changes in it is taken back."""
    return Brand.objects.get()
