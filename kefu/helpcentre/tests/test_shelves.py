"""Shelves are added, renamed, put in order and archived at the desk; readers and search follow, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models.signals import post_save
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.policy import Refused
from kefu.accounts.tests.settings_pages import browser_of, fields_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    ShelfGone,
    ShelfInUse,
    ShelfText,
    add_shelf,
    archive,
    archive_shelf,
    change_frame,
    change_shelf,
    clear_shelf,
    order_shelves,
)
from kefu.helpcentre.exporter import export_articles
from kefu.helpcentre.importer import Wins, import_articles
from kefu.helpcentre.models import Article, Category, ShelfRevision
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.conftest import CATEGORIES, Shelf
from kefu.helpcentre.tests.factories import make_article, make_editor, make_frame, make_published, make_shelf
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

LIST = "/desk/articles/shelves/"
NAMES = {"zh-hans": "链上", "zh-hant": "鏈上", "en": "On the chain"}


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def client(editor: Agent) -> Client:
    return browser_of(editor)


def typed(**more: str) -> dict[str, str]:
    names = {f"name-{code}": name for code, name in NAMES.items()}
    return {"icon": "wallet", "topic": ""} | names | more


def other_shelf(brand: Brand, editor: Agent, key: str = "chain") -> Category:
    return add_shelf(brand=brand, key=key, text=ShelfText(names=NAMES), by=editor)


def read(path: str) -> str:
    return Client().get(path).content.decode()


def kinds() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="shelf.").order_by("pk").values_list("kind", flat=True))


def test_a_shelf_is_added_and_readers_see_it_once_an_article_stands_on_it(
    brand: Brand, client: Client, editor: Agent
) -> None:
    answer = client.post(f"{LIST}new/", typed(key="Chain"), follow=True)
    assert "Added. Readers see it once an article stands on it." in answer.content.decode()
    shelf = Category.objects.get(key="chain")
    assert (shelf.names, shelf.icon, shelf.archived_at) == (NAMES, "wallet", None)
    assert "On the chain" not in read("/en/")

    make_published(brand, "deposit", by=editor, category=shelf)

    assert "On the chain" in read("/en/")
    assert "链上" in read("/zh-hans/topics/chain/")
    assert kinds() == ["shelf.added"]


def test_what_is_typed_wrong_is_said_and_kept(brand: Brand, client: Client, editor: Agent) -> None:
    other_shelf(brand, editor)
    taken = client.post(f"{LIST}new/", typed(key="chain", **{"name-en": "Mine"}))
    assert taken.status_code == 422
    assert "Another shelf is, or was, found at this address." in taken.content.decode()
    assert 'value="Mine"' in taken.content.decode()
    for wrong in (
        {"name-en": ""},
        {"name-en": "x" * 41},
        {"key": "no good"},
        {"key": ""},
        {"icon": "no-such"},
        {"topic": "no-such"},
    ):
        answer = client.post(f"{LIST}new/", typed(**{"key": "good"} | wrong))
        assert answer.status_code == 422, wrong
        assert 'value="鏈上"' in answer.content.decode()
    assert Category.objects.filter(brand=brand).count() == 1


def test_a_new_name_is_seen_and_found_at_the_same_address(
    brand: Brand, client: Client, editor: Agent
) -> None:
    article = make_published(brand, "deposit", by=editor)
    make_article(brand, "draft", by=editor)
    shelf = article.category
    before = Entry.objects.count()
    page = client.get(f"{LIST}{shelf.pk}/")

    client.post(f"{LIST}{shelf.pk}/", fields_of(page, f"{LIST}{shelf.pk}/") | typed())

    assert "On the chain" in read("/en/topics/deposits/")
    assert next(iter(ARTICLES.load([article.pk]))).label == "On the chain"
    written = list(Entry.objects.order_by("pk")[before:].values_list("kind", "subject_id"))
    assert written == [("shelf.changed", shelf.pk), ("article.published", article.pk)]
    page = client.get(f"{LIST}{shelf.pk}/").content.decode()
    assert "<td>Deposits &amp; withdrawals</td><td>On the chain</td>" in page


def test_two_at_once_are_told(brand: Brand, client: Client, editor: Agent) -> None:
    shelf = make_shelf(brand)
    page = fields_of(client.get(f"{LIST}{shelf.pk}/"), f"{LIST}{shelf.pk}/")
    change_shelf(shelf=shelf, text=ShelfText(names=NAMES | {"en": "Theirs"}), by=editor)

    answer = client.post(f"{LIST}{shelf.pk}/", page | typed(**{"name-en": "Mine"}))

    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()
    shelf.refresh_from_db()
    assert shelf.names["en"] == "Theirs"


def test_the_order_is_changed_one_place_at_a_time_and_the_button_keeps_the_focus(
    brand: Brand, client: Client, editor: Agent
) -> None:
    first = make_shelf(brand)
    second, third = other_shelf(brand, editor), other_shelf(brand, editor, "third")
    make_published(brand, "one", by=editor)
    make_published(brand, "two", by=editor, category=second)

    answer = client.post(f"{LIST}{second.pk}/moved/", {"to": "up"}, follow=True)

    page = answer.content.decode()
    assert "“On the chain” is number 1 of 3 now." in page
    # It is the first now, so there is only the way down.
    assert page.count("autofocus") == 1
    assert 'value="down" aria-label="On the chain: one place down" autofocus' in page
    assert list(Category.objects.filter(brand=brand)) == [second, first, third]
    home = read("/en/")
    assert home.index("topics/chain/") < home.index("topics/deposits/")
    client.post(f"{LIST}{second.pk}/moved/", {"to": "up"})
    assert list(Category.objects.filter(brand=brand)) == [second, first, third]


@pytest.mark.slow
def test_a_shelf_is_archived_only_when_its_articles_have_gone_elsewhere(
    brand: Brand, client: Client, editor: Agent
) -> None:
    shown, draft = make_published(brand, "one", by=editor), make_article(brand, "two", by=editor)
    gone = archive(article=make_published(brand, "three", by=editor), by=editor)
    shelf, other = shown.category, other_shelf(brand, editor)
    ask = f"{LIST}{shelf.pk}/archived/"
    assert "Articles on it, drafts and archived ones included: 3" in client.get(ask).content.decode()
    refused = client.post(ask, {"to": ""})
    assert refused.status_code == 422
    assert "Articles stand on it." in refused.content.decode()

    client.post(ask, {"to": str(other.pk)})

    shelf.refresh_from_db()
    assert shelf.archived_at is not None
    assert set(other.articles.all()) == {shown, draft, gone}
    assert "article.changed" in Entry.objects.values_list("kind", flat=True)
    old = Client().get("/en/topics/deposits/")
    assert (old.status_code, old["Location"]) == (302, "/en/topics/chain/")
    assert "Deposits &amp; withdrawals" not in client.get("/desk/articles/new/").content.decode()
    assert kinds()[-1] == "shelf.archived"

    client.post(f"{LIST}{shelf.pk}/back/")
    shelf.refresh_from_db()
    assert (shelf.archived_at, shelf.moved_to) == (None, None)
    assert Client().get("/en/topics/deposits/").status_code == 200


def test_an_empty_shelf_that_is_archived_leads_to_the_first_page(brand: Brand, editor: Agent) -> None:
    archive_shelf(shelf=other_shelf(brand, editor), by=editor)
    assert Client().get("/en/topics/chain/")["Location"] == "/en/"


def test_nothing_is_put_on_a_shelf_that_was_archived_meanwhile(
    brand: Brand, client: Client, editor: Agent
) -> None:
    article, shelf = make_published(brand, "one", by=editor), other_shelf(brand, editor)
    archive_shelf(shelf=shelf, by=editor)
    with pytest.raises(ShelfGone):
        make_article(brand, "two", by=editor, category=shelf)
    with pytest.raises(ShelfGone):
        change_frame(article=article, frame=make_frame(brand, "one", category=shelf), by=editor)
    with pytest.raises(ShelfGone):
        archive_shelf(shelf=other_shelf(brand, editor, "more"), moved_to=shelf, by=editor)
    with pytest.raises(ShelfInUse):
        archive_shelf(shelf=article.category, by=editor)
    form = {"slug": "three", "category": shelf.pk, "review_on": "2031-01-01", "audience": "public"}
    answer = client.post(reverse("articles:new"), form)
    assert answer.status_code == 422
    assert not Article.objects.filter(category=shelf).exists()


def test_what_somebody_changes_while_a_shelf_is_emptied_stays_as_they_left_it(
    brand: Brand, editor: Agent
) -> None:
    first, second, third = (make_published(brand, slug, by=editor) for slug in ("one", "two", "three"))
    shelf, to = first.category, other_shelf(brand, editor)
    elsewhere = other_shelf(brand, editor, "elsewhere")

    def once_the_first_has_moved(instance: Article, **_: object) -> None:
        if instance.pk == first.pk:
            change_frame(
                article=second,
                frame=make_frame(brand, "inner", audience="staff", number=second.number),
                by=editor,
            )
            change_frame(
                article=third,
                frame=make_frame(brand, "three", category=elsewhere, number=third.number),
                by=editor,
            )

    post_save.connect(once_the_first_has_moved, sender=Article)
    try:
        assert clear_shelf(shelf=shelf, to=to, by=editor) == 2
    finally:
        post_save.disconnect(once_the_first_has_moved, sender=Article)

    found = Article.objects.order_by("number").values_list("slug", "audience", "category__key")
    assert list(found) == [
        ("one", "public", "chain"),
        ("inner", "staff", "chain"),
        ("three", "public", "elsewhere"),
    ]


def test_who_only_writes_looks_and_changes_nothing(brand: Brand) -> None:
    writer, shelf = make_editor(brand, Knowledge.WRITES, name="写手"), make_shelf(brand)
    client = browser_of(writer)
    page = client.get(LIST).content.decode()
    assert "Deposits" in page
    assert "Add a shelf" not in page
    assert "one place up" not in page
    for verb in (
        lambda: change_shelf(shelf=shelf, text=ShelfText(names=NAMES), by=writer),
        lambda: order_shelves(brand=brand, shelves=[shelf], by=writer),
        lambda: clear_shelf(shelf=shelf, to=shelf, by=writer),
        lambda: archive_shelf(shelf=shelf, by=writer),
    ):
        with pytest.raises(Refused):
            verb()
    assert not ShelfRevision.objects.exists()


@pytest.mark.slow
def test_a_folder_leaves_alone_what_was_changed_here_and_reports_it(
    shelf: Shelf, brand: Brand, tmp_path: Path
) -> None:
    shelf.put("deposit")
    shelf.bring_in()
    editor, one = make_editor(brand), Category.objects.get(key="deposits")
    change_shelf(shelf=one, text=ShelfText(names=NAMES), by=editor)
    assert shelf.bring_in() == (0, 1)
    one.refresh_from_db()
    assert one.names == NAMES

    (tmp_path / "categories.toml").write_text(
        CATEGORIES.replace("Deposits &", "Deposits and"), encoding="utf-8"
    )
    done = import_articles(tmp_path, brand=brand, by=SYSTEM)
    assert done.left_alone == ("shelf deposits",)
    import_articles(tmp_path, brand=brand, by=SYSTEM, wins=Wins.FOLDER)
    one.refresh_from_db()
    assert one.names["en"] == "Deposits and withdrawals"


def other_icon(said: str) -> str:
    return said.replace('icon = "wallet"', 'icon = "shield"')


def other_topic(said: str) -> str:
    return said.replace('topic = "account"', 'topic = "trading"')


def other_order(said: str) -> str:
    _, first, second = said.split("[[category]]")
    return f"[[category]]{second}\n[[category]]{first}"


@pytest.mark.slow
@pytest.mark.parametrize("change", [other_icon, other_topic, other_order])
def test_whatever_a_folder_changes_of_a_shelf_is_written_down_so_that_no_kept_page_shows_it_as_it_was(
    change: Callable[[str], str], shelf: Shelf, brand: Brand, tmp_path: Path
) -> None:
    shelf.put("deposit")
    shelf.bring_in()
    assert kinds() == ["shelf.added", "shelf.added"]
    before = Entry.objects.count()

    (tmp_path / "categories.toml").write_text(change(CATEGORIES), encoding="utf-8")
    shelf.bring_in()

    entries = list(Entry.objects.order_by("pk")[before:])
    assert {(one.kind, one.brand_id) for one in entries} == {("shelf.changed", brand.pk)}
    written = ShelfRevision.objects.filter(shelf__key="deposits").last()
    assert written is not None
    assert written.before != written.after
    shelf.bring_in()
    assert Entry.objects.count() == before + len(entries)


@pytest.mark.slow
def test_a_folder_that_puts_an_article_on_an_archived_shelf_brings_it_back(
    shelf: Shelf, brand: Brand, tmp_path: Path
) -> None:
    shelf.put("deposit")
    shelf.bring_in()
    editor, one = make_editor(brand), Category.objects.get(key="deposits")
    clear_shelf(shelf=one, to=Category.objects.get(key="empty"), by=editor)
    archive_shelf(shelf=one, by=editor)
    export_articles(tmp_path / "out", brand=brand)
    assert '"deposits"' not in (tmp_path / "out" / "categories.toml").read_text(encoding="utf-8")
    shelf.bring_in()
    one.refresh_from_db()
    assert one.archived_at is not None

    shelf.put("another", number=2)
    shelf.bring_in()

    one.refresh_from_db()
    assert one.archived_at is None
    assert list(one.articles.values_list("slug", flat=True)) == ["another"]
