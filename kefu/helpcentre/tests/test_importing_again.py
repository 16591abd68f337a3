"""A folder comes in again after something was changed here, or with its articles in another order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.db.models.signals import post_save

from kefu.accounts.models import Agent
from kefu.helpcentre.actions import archive, archive_shelf, bring_back, change_frame, set_fact
from kefu.helpcentre.folder import BadFolder
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.importer import Imported, Wins, import_articles
from kefu.helpcentre.models import Article, Category, Fact, FormerSlug, Picture, ShelfRevision, Translation
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf
from kefu.helpcentre.tests.factories import make_article, make_editor, of
from kefu.journal.actor import SYSTEM
from kefu.safety.tests.files import picture


@pytest.fixture
def editor(shelf: Shelf) -> Agent:
    return make_editor(shelf.brand)


def again(shelf: Shelf, wins: Wins = Wins.HERE) -> Imported:
    return import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM, wins=wins)


def change(article: Article, editor: Agent, **more: object) -> None:
    change_frame(article=article, frame=replace(Frame.of(article), **more), by=editor)


def rewrite(path: Path, old: str, new: str) -> None:
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new), encoding="utf-8")


def places() -> dict[str, int]:
    return dict(Article.objects.values_list("slug", "number"))


def test_an_article_that_was_renamed_here_is_found_by_the_name_that_it_had(
    shelf: Shelf, editor: Agent
) -> None:
    place = shelf.put("first")
    shelf.bring_in()
    change(Article.objects.get(), editor, slug="renamed")
    rewrite(place / "en.md", "第一段。", "New words.")

    done = again(shelf)

    assert done.left_alone == ("first, which is renamed now",)
    assert Article.objects.get().slug == "renamed"
    assert of(Article.objects.get()).text == "New words."


def test_a_folder_that_wins_gives_its_article_the_name_back(shelf: Shelf, editor: Agent) -> None:
    shelf.put("first", number=1)
    shelf.put("second", number=2, text="[see](article:first)")
    shelf.bring_in()
    change(Article.objects.get(slug="first"), editor, slug="renamed")

    again(shelf, Wins.FOLDER)

    article = Article.objects.get(slug="first")
    assert FormerSlug.objects.get(slug="renamed").article == article
    assert "/en/articles/first/" in of(Article.objects.get(slug="second")).html
    assert again(shelf) == Imported(0, 2)


def test_two_names_of_one_article_are_told_before_anything_is_changed(shelf: Shelf, editor: Agent) -> None:
    shelf.put("first")
    shelf.bring_in()
    change(Article.objects.get(), editor, slug="renamed")
    shelf.put("renamed", number=2)

    with pytest.raises(BadFolder, match="first and renamed are one article here"):
        again(shelf)


@pytest.mark.parametrize("wins", [Wins.HERE, Wins.FOLDER])
def test_what_was_archived_here_comes_back_in_no_language_by_an_import(
    shelf: Shelf, editor: Agent, wins: Wins
) -> None:
    place = shelf.put("first")
    shelf.bring_in()
    archive(article=Article.objects.get(), by=editor)
    rewrite(place / "en.md", "第一段。", "New words.")

    done = again(shelf, wins)

    assert not Translation.objects.shown().exists()
    assert done == (Imported(0, 1, ("first en",)) if wins is Wins.HERE else Imported(0, 1))
    bring_back(article=Article.objects.get(), by=editor)
    assert set(Translation.objects.shown().values_list("language", flat=True)) == set(LANGUAGES)
    assert of(Article.objects.get()).text == ("第一段。" if wins is Wins.HERE else "New words.")


@pytest.mark.slow
def test_articles_change_places_in_the_folder_and_so_here(shelf: Shelf) -> None:
    for number, slug in enumerate(["one", "two", "three"], 1):
        shelf.put(slug, number=number)
    shelf.bring_in()
    for number, slug in enumerate(["three", "one", "two"], 1):
        shelf.put(slug, number=number)

    assert shelf.bring_in() == (3, 0)

    assert places() == {"three": 1, "one": 2, "two": 3}
    assert again(shelf) == Imported(0, 3)


def test_a_place_that_an_article_keeps_is_told_before_anything_is_changed(
    shelf: Shelf, editor: Agent
) -> None:
    shelf.put("one", number=1)
    shelf.put("two", number=2)
    shelf.bring_in()
    change(Article.objects.get(slug="two"), editor, number=7, owners={"zh-hans": "我们"})
    make_article(shelf.brand, "written", by=editor, number=2)
    shelf.put("one", number=7)
    shelf.put("two", number=2, audience="staff")
    (shelf.folder / "facts.toml").write_text(
        "[hours]\nzh-hans = '1'\nzh-hant = '1'\nen = '1'\n", encoding="utf-8"
    )

    with pytest.raises(BadFolder, match="one has the number 7, which is two's here"):
        again(shelf)

    assert places() == {"one": 1, "written": 2, "two": 7}
    assert Fact.objects.get().value["en"] == "nine"


def test_one_number_for_two_is_told(shelf: Shelf) -> None:
    shelf.put("one", number=1)
    shelf.put("two", number=1)

    with pytest.raises(BadFolder, match="same number, 1"):
        again(shelf)


def test_a_fact_that_would_hide_another_is_told(shelf: Shelf, editor: Agent) -> None:
    set_fact(brand=shelf.brand, key="hours.support", value="nine", by=editor)
    shelf.put("first")

    with pytest.raises(BadFolder, match=r"hours\.support"):
        again(shelf)


def test_a_picture_that_is_none_is_told_before_anything_is_changed(shelf: Shelf) -> None:
    shelf.put("first")
    pictures = shelf.folder / "pictures"
    pictures.mkdir()
    (pictures / "sound.png").write_bytes(picture())
    (pictures / "bad.png").write_bytes(b"no picture")

    with pytest.raises(BadFolder, match=r"bad\.png: this can't be shown as a picture: kind"):
        again(shelf)

    assert not Fact.objects.exists()
    assert not Picture.objects.exists()


def test_a_shelf_that_somebody_archives_during_an_import_is_back_when_an_article_is_put_on_it(
    shelf: Shelf, editor: Agent
) -> None:
    shelf.put("first")
    shelf.bring_in()
    rewrite(shelf.put("first") / "article.toml", '"deposits"', '"empty"')
    rewrite(shelf.folder / "facts.toml", "nine", "ten")
    empty = Category.objects.get(key="empty")

    def once_facts_are_stored(**_: object) -> None:
        archive_shelf(shelf=empty, by=editor)

    post_save.connect(once_facts_are_stored, sender=Fact)
    try:
        again(shelf)
    finally:
        post_save.disconnect(once_facts_are_stored, sender=Fact)

    empty.refresh_from_db()
    assert ShelfRevision.objects.filter(shelf=empty).count() == 3
    assert (Article.objects.get().category, empty.archived_at) == (empty, None)
