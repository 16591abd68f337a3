"""An import never shows readers a text that was written for staff, nor shows a text before it is theirs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.signals import post_save
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.helpcentre.actions import publish, schedule
from kefu.helpcentre.importer import Imported, Wins, import_articles
from kefu.helpcentre.models import Article, Translation
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.factories import make_editor, make_text, of, write
from kefu.helpcentre.tests.test_importing_again import change, rewrite
from kefu.journal.actor import SYSTEM

OURS = make_text("Only ours", "What only staff may know.")


@pytest.fixture
def editor(shelf: Shelf) -> Agent:
    shelf.brand.hosts = ["testserver"]
    shelf.brand.save(update_fields=["hosts"])
    return make_editor(shelf.brand)


@pytest.fixture
def place(shelf: Shelf, editor: Agent) -> Path:
    """An article that is for staff, with one that links to it."""
    place = shelf.put("inside", audience="staff", text="For staff.")
    shelf.put("linking", number=2, audience="staff", text="[see](article:inside)")
    shelf.bring_in()
    return place


def again(shelf: Shelf, wins: Wins = Wins.HERE) -> Imported:
    return import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM, wins=wins)


def write_for_readers(shelf: Shelf) -> None:
    shelf.put("inside", text="For readers. [see](article:linking)")
    shelf.put("linking", number=2, text="[see](article:inside)")


def page(client: Client, slug: str = "inside") -> str:
    answer = client.get(f"/en/articles/{slug}/")
    return answer.content.decode() if answer.status_code == 200 else ""


def inside() -> Article:
    return Article.objects.get(slug="inside")


@pytest.mark.slow
def test_what_is_rewritten_for_readers_is_opened_with_its_texts(
    shelf: Shelf, place: Path, client: Client
) -> None:
    write_for_readers(shelf)

    assert again(shelf) == Imported(2, 0)

    assert "For readers." in page(client)
    assert 'href="/en/articles/inside/"' in page(client, "linking")
    assert again(shelf) == Imported(0, 2)


def test_no_moment_shows_readers_the_words_for_staff(shelf: Shelf, place: Path) -> None:
    write_for_readers(shelf)
    seen: list[list[str]] = []

    def look(instance: Article, **_: object) -> None:
        seen.append(list(Translation.objects.public().values_list("text", flat=True)))

    # Each save of an article ends a transaction of the import, but for those within its opening.
    post_save.connect(look, sender=Article)
    try:
        again(shelf)
    finally:
        post_save.disconnect(look, sender=Article)

    assert seen[:2] == [[], []]


@pytest.mark.slow
def test_a_text_for_staff_that_was_written_here_stays_with_staff(
    shelf: Shelf, place: Path, editor: Agent, client: Client
) -> None:
    publish(revision=write(inside(), OURS, by=editor), by=editor)
    write_for_readers(shelf)

    done = again(shelf)

    why = "inside: it stays with staff, for in en it says something else than the folder"
    assert why in done.left_alone
    assert "inside en" in done.left_alone
    assert any(one.startswith("linking: it stays with staff: ") for one in done.left_alone)
    assert Client().get("/en/articles/inside/").status_code == 404
    assert (inside().audience, of(inside()).title) == ("staff", "Only ours")
    assert why in again(shelf).left_alone

    assert again(shelf, Wins.FOLDER).left_alone == ()
    assert "For readers." in page(client)


@pytest.mark.parametrize("wins", [Wins.HERE, Wins.FOLDER])
def test_a_frame_alone_opens_no_text_that_was_written_here(
    wins: Wins, shelf: Shelf, place: Path, editor: Agent, client: Client
) -> None:
    publish(revision=write(inside(), OURS, by=editor), by=editor)
    rewrite(place / "article.toml", "staff", "public")

    done = again(shelf, wins)

    assert "only staff may know" not in page(client)
    assert inside().audience == ("staff" if wins is Wins.HERE else "public")
    assert bool(done.left_alone) is (wins is Wins.HERE)


def test_a_text_for_staff_that_comes_by_itself_keeps_the_article_with_staff_until_the_folder_wins(
    shelf: Shelf, place: Path, editor: Agent
) -> None:
    schedule(revision=write(inside(), OURS, by=editor), at=now() + timedelta(hours=1), by=editor)
    rewrite(place / "article.toml", "staff", "public")

    assert again(shelf).left_alone[0].startswith("inside: it stays with staff")
    assert inside().audience == "staff"

    assert again(shelf, Wins.FOLDER).left_alone == ()
    assert inside().audience == "public"
    assert not of(inside()).revisions.filter(state="scheduled").exists()


def test_the_rest_of_a_frame_comes_in_though_the_article_stays_with_staff(
    shelf: Shelf, place: Path, editor: Agent
) -> None:
    publish(revision=write(inside(), OURS, by=editor), by=editor)
    rewrite(place / "article.toml", "staff", "public")
    rewrite(place / "article.toml", "number = 1", "number = 9")

    again(shelf)

    assert (inside().audience, inside().number) == ("staff", 9)
    rewrite(place / "article.toml", "number = 9", "number = 8")
    assert again(shelf).left_alone[0].startswith("inside: it stays with staff")
    assert inside().number == 8


@pytest.mark.parametrize("wins", [Wins.HERE, Wins.FOLDER])
def test_a_text_for_staff_does_not_come_to_an_article_that_was_opened_here(
    wins: Wins, shelf: Shelf, place: Path, editor: Agent, client: Client
) -> None:
    change(inside(), editor, audience="public")
    rewrite(place / "en.md", "For staff.", "A word more for staff.")

    done = again(shelf, wins)

    assert done.left_alone == ("inside en, which is for staff alone, and everybody reads it here",)
    assert "A word more" not in page(client)


def test_a_text_that_links_to_what_stays_with_staff_is_told_and_no_end_of_the_import(
    shelf: Shelf, place: Path, editor: Agent, client: Client
) -> None:
    publish(revision=write(inside(), OURS, by=editor), by=editor)
    rewrite(place / "article.toml", "staff", "public")
    shelf.put("another", number=3, text="[see](article:inside)")
    shelf.put("last", number=4, text="The last.")

    done = again(shelf)

    assert any(one.startswith("another: ") and "only staff" in one for one in done.left_alone)
    assert page(client, "another") == ""
    assert "The last." in page(client, "last")
