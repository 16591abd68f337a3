"""When a folder has come in, only what it concerns is drawn again: quoted facts, linked articles."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.accounts.models import Agent
from kefu.helpcentre import drawing
from kefu.helpcentre.drawing import Drawings
from kefu.helpcentre.importer import Imported, import_articles
from kefu.helpcentre.models import Article, Translation
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.factories import make_editor, make_published, make_text, of
from kefu.journal.actor import SYSTEM

TITLES = {"quotes": "Quotes", "links": "Links", "plain": "Plain"}


@pytest.fixture
def editor(shelf: Shelf) -> Agent:
    return make_editor(shelf.brand)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of what was written here, each time that it is drawn."""
    found: list[str] = []
    real_draw = drawing.draw

    def draw(text: Any, **more: Any) -> Any:
        if text.title in TITLES.values():
            found.append(text.title)
        return real_draw(text, **more)

    monkeypatch.setattr(drawing, "draw", draw)
    return found


@pytest.fixture(autouse=True)
def _written_here(shelf: Shelf, editor: Agent, drawn: list[str]) -> None:
    """Beside what the folder brings; each for another reason."""
    shelf.put("first")
    shelf.bring_in()
    sources = {
        "quotes": "Until {{ facts.hours }}.",
        "links": "See [first](article:first).",
        "plain": "Nothing of others: first, hours.",
    }
    for slug, source in sources.items():
        text = make_text(TITLES[slug], source)
        make_published(
            shelf.brand, slug, by=editor, text=text, category=Article.objects.get(slug="first").category
        )
    drawn.clear()


def again(shelf: Shelf) -> Imported:
    return import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)


def test_nothing_is_drawn_again_when_nothing_changed(shelf: Shelf, drawn: list[str]) -> None:
    assert again(shelf).written == 0
    assert drawn == []


def test_a_fact_concerns_who_quotes_it(shelf: Shelf, drawn: list[str]) -> None:
    (shelf.folder / "facts.toml").write_text('hours = "ten"\n', encoding="utf-8")

    done = again(shelf)

    assert drawn == ["Quotes"]
    assert "Until ten." in of(Article.objects.get(slug="quotes")).text
    # The article of the folder quotes it too.
    assert done.written == 2


def test_who_reads_an_article_concerns_who_links_to_it_and_what_would_leak_stays_as_it_was(
    shelf: Shelf, drawn: list[str]
) -> None:
    before = of(Article.objects.get(slug="links")).html
    shelf.put("first", audience="staff")

    done = again(shelf)

    assert drawn == ["Links"]
    assert of(Article.objects.get(slug="links")).html == before
    assert (
        done.left_alone == ("links: Line 1: A link goes to article:first, which only staff may read.",)
        or "only staff may read" in done.left_alone[0]
    )


def test_what_another_renderer_drew_is_drawn_once_more(shelf: Shelf, drawn: list[str]) -> None:
    Translation.objects.update(renderer=0)
    Translation.objects.filter(article__slug="plain").update(digest="", html="old")

    done = again(shelf)

    assert sorted(drawn) == sorted(TITLES.values())
    assert "old" not in of(Article.objects.get(slug="plain")).html
    assert done.written == 1
    drawn.clear()
    again(shelf)
    assert drawn == []


def test_what_is_drawn_for_a_while_is_not_kept_and_what_is_kept_is_not_drawn_again(
    shelf: Shelf, drawn: list[str]
) -> None:
    drawings = Drawings.today(shelf.brand)
    plain, links = make_text(TITLES["plain"]), make_text(TITLES["links"])
    drawings.of(plain, language="en")

    once = drawings.for_a_while()
    for text in (plain, links, links):
        once.of(text, language="en")

    assert drawn == [TITLES["plain"], TITLES["links"]]
    assert len(drawings.drawn) == 1
