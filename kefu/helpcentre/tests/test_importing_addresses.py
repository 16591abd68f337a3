"""Old addresses that come with a folder: kept as requests have them, and told when they lead elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from kefu.accounts.models import Agent
from kefu.helpcentre.actions import change_frame
from kefu.helpcentre.exporter import export_articles
from kefu.helpcentre.folder import BadFolder
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.importer import Imported, Wins, import_articles
from kefu.helpcentre.models import Article, FormerSlug, OldAddress
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.factories import make_editor
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry


def put(shelf: Shelf, slug: str, number: int, lines: str) -> None:
    file = shelf.put(slug, number=number) / "article.toml"
    file.write_text(file.read_text(encoding="utf-8") + lines, encoding="utf-8")


def bring_in(shelf: Shelf, wins: Wins = Wins.HERE) -> Imported:
    return import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM, wins=wins)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("/old/page/", "/old/page"),
        ("/old/page/", "/old/page/"),
        ("/hc/%E6%8F%90%E7%8E%B0", "/hc/提现"),
        ("/hc/提现/", "/hc/%E6%8F%90%E7%8E%B0"),
        ("https://old.example/a?id=7", "/a"),
        ("/100%25/%3F", "/100%25/%3F/"),
    ],
)
def test_a_path_that_comes_with_a_folder_leads_to_its_article(
    said: str, asked: str, shelf: Shelf, client: Client, tmp_path: Path
) -> None:
    put(shelf, "first", 1, f'old_addresses = {{ "{said}" = "en" }}\n')

    bring_in(shelf)

    answer = client.get(asked)
    assert (answer.status_code, answer.headers.get("Location")) == (301, "/en/articles/first/")
    assert Entry.objects.filter(kind="old_address.added").count() == 1
    assert bring_in(shelf).left_alone == ()
    export_articles(tmp_path / "out", brand=shelf.brand)
    before = list(OldAddress.objects.values_list("path", "language"))
    OldAddress.objects.all().delete()
    import_articles(tmp_path / "out", brand=shelf.brand, by=SYSTEM)
    assert list(OldAddress.objects.values_list("path", "language")) == before


@pytest.mark.parametrize("path", ["/", "old/page", "/a b", "/" + "x" * 300, "http://[bad"])
def test_what_is_no_path_is_told_before_anything_is_stored(path: str, shelf: Shelf) -> None:
    put(shelf, "first", 1, f'old_addresses = {{ "{path}" = "" }}\n')

    with pytest.raises(BadFolder, match=r"article\.toml: “.* is no path of a page that stood elsewhere"):
        bring_in(shelf)

    assert not OldAddress.objects.exists()


@pytest.mark.parametrize("lines", ['old_addresses = { "/old/" = "" }\n', 'former_slugs = ["/old"]\n'])
def test_two_articles_of_a_folder_cannot_have_one_old_address(lines: str, shelf: Shelf) -> None:
    lines = lines.replace('["/old"]', '["earlier"]')
    put(shelf, "first", 1, lines)
    put(shelf, "second", 2, lines.replace("/old/", "/old"))

    with pytest.raises(BadFolder, match="first and second have the same old address"):
        bring_in(shelf)


def test_a_path_that_leads_elsewhere_here_is_told_and_stays_unless_the_folder_wins(
    shelf: Shelf, client: Client
) -> None:
    put(shelf, "first", 1, 'former_slugs = ["earlier"]\nold_addresses = { "/old" = "" }\n')
    bring_in(shelf)
    shelf.put("first", number=1)
    put(shelf, "second", 2, 'former_slugs = ["earlier"]\nold_addresses = { "/old/" = "en" }\n')

    told = bring_in(shelf).left_alone

    assert told == ("second: earlier, which leads to first", "second: /old, which leads to first")
    assert client.get("/old").headers["Location"].endswith("/articles/first/")
    assert bring_in(shelf, Wins.FOLDER).left_alone == ()
    assert client.get("/old").headers["Location"] == "/en/articles/second/"
    assert FormerSlug.objects.get().article.slug == "second"


def renamed(shelf: Shelf, editor: Agent, slug: str) -> None:
    article = Article.objects.get()
    change_frame(article=article, frame=replace(Frame.of(article), slug=slug), by=editor)


@pytest.fixture
def there_and_back(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exported under another name than the one that it has again: the folder gives its name of today as a former one."""
    editor = make_editor(shelf.brand)
    shelf.put("b")
    bring_in(shelf)
    renamed(shelf, editor, "a")
    folder = tmp_path_factory.mktemp("out")
    export_articles(folder, brand=shelf.brand)
    renamed(shelf, editor, "b")
    return folder


def test_a_former_name_that_an_article_has_again_is_told_and_left_alone(
    shelf: Shelf, there_and_back: Path
) -> None:
    done = import_articles(there_and_back, brand=shelf.brand, by=SYSTEM)

    assert done.left_alone == ("a, which is b now", "a: b, which is the address of an article here")
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["a"]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_name_that_is_kept_as_a_former_one_too_hinders_no_renaming(
    is_kept: bool, shelf: Shelf, there_and_back: Path
) -> None:
    article = Article.objects.get()
    if is_kept:
        FormerSlug.objects.create(brand=shelf.brand, article=article, slug="b")

    done = import_articles(there_and_back, brand=shelf.brand, by=SYSTEM, wins=Wins.FOLDER)

    assert done.left_alone == ()
    assert Article.objects.get().slug == "a"
    FormerSlug.objects.get_or_create(brand=shelf.brand, article=article, slug="a")
    renamed(shelf, make_editor(shelf.brand), "c")
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"a", "b"}
