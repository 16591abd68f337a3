"""How much a program's request takes: what it reads while editors wait for the brand, and what it leaves in the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.helpcentre.tests.programs import Program, sent, text

LANGUAGES = {"zh-hans": text("没到账"), "zh-hant": text("沒到帳"), "en": text()}


@pytest.fixture
def sending(press: Program) -> Any:
    """Sends an article in three languages and gives the queries of it."""
    press.send(sent("docs:warm", slug="warm"))

    def send(source: str) -> list[str]:
        texts = {code: said | {"source": source} for code, said in LANGUAGES.items()}
        with CaptureQueriesContext(connection) as asked:
            press.send(sent(state="published", texts=texts))
        return [one["sql"] for one in asked]

    return send


def test_facts_pictures_and_addresses_are_read_once_for_all_languages_of_an_article(sending: Any) -> None:
    created, updated, same = sending("Wait."), sending("Wait on."), sending("Wait on.")

    for asked, most, reads in ((created, 88, 1), (updated, 68, 1), (same, 10, 0)):
        assert len(asked) <= most
        assert sum('FROM "helpcentre_fact"' in sql for sql in asked) == reads


def test_a_list_loads_no_text_of_any_article(press: Program) -> None:
    press.send(sent(texts=LANGUAGES))

    with CaptureQueriesContext(connection) as asked:
        (listed,) = press.read()["articles"]

    assert {language: one["title"] for language, one in listed["texts"].items()} == {
        language: said["title"] for language, said in LANGUAGES.items()
    }
    (texts,) = [one["sql"] for one in asked if "helpcentre_revision" in one["sql"]]
    assert not {name for name in ("source", "summary", "synonyms", "html") if f'"{name}"' in texts}
