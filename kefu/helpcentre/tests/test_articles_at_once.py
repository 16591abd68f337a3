"""Two who work on the same articles at the same moment: what readers see is what was decided last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.accounts.tests.settings_pages import browser_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    KeyTaken,
    NotOpen,
    ShelfGone,
    ShelfInUse,
    ShelfText,
    add_picture,
    add_shelf,
    archive,
    archive_shelf,
    be_present,
    bring_back,
    change_frame,
    publish,
    schedule,
    set_fact,
)
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import Article, Fact, Picture, Presence, Revision, Translation
from kefu.helpcentre.picture_store import FOLDER
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, make_text, of, write
from kefu.helpcentre.verbs.publishing import publish_at_its_time
from kefu.safety.tests.files import picture

pytestmark = [pytest.mark.django_db(transaction=True), only_postgresql]


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def quoting(brand: Brand, editor: Agent) -> Article:
    """It quotes a fact that is 1, and links to another article."""
    set_fact(brand=brand, key="hours", value=1, by=editor)
    make_published(brand, "target", by=editor)
    text = make_text("Old title", "Within {{ facts.hours }} hours, [see](article:target).")
    return make_published(brand, "quoting", by=editor, text=text)


def new_words(article: Article, editor: Agent) -> Revision:
    return write(
        article, make_text("New title", "After {{ facts.hours }}, [see](article:target)."), by=editor
    )


def frame_with(article: Article, editor: Agent, **more: object) -> Article:
    article = Article.objects.get(pk=article.pk)
    return change_frame(article=article, frame=replace(Frame.of(article), **more), by=editor)


def test_a_fact_that_is_set_while_a_text_is_published_leaves_the_new_words_in_place(
    brand: Brand, editor: Agent, quoting: Article
) -> None:
    draft = new_words(quoting, editor)

    once_it_waits(
        lambda: publish(revision=draft, by=editor),
        lambda: set_fact(brand=brand, key="hours", value=2, by=editor),
    )

    assert (of(quoting).title, of(quoting).text) == ("New title", "After 2, see.")


def test_an_address_that_changes_while_a_text_is_published_leaves_the_new_words_in_place(
    editor: Agent, quoting: Article
) -> None:
    draft, target = new_words(quoting, editor), Article.objects.get(slug="target")

    once_it_waits(
        lambda: publish(revision=draft, by=editor), lambda: frame_with(target, editor, slug="elsewhere")
    )

    assert of(quoting).title == "New title"
    assert "/en/articles/elsewhere/" in of(quoting).html


def test_an_import_that_runs_while_a_text_is_published_leaves_the_new_words_in_place(
    editor: Agent, quoting: Article, shelf: Shelf
) -> None:
    shelf.put("first", number=700)
    draft = new_words(quoting, editor)

    once_it_waits(lambda: publish(revision=draft, by=editor), shelf.bring_in)

    assert (of(quoting).title, of(quoting).text) == ("New title", "After 1, see.")


def publishing(article: Article, editor: Agent) -> Callable[[], object]:
    draft = new_words(article, editor)
    return lambda: publish(revision=draft, by=editor)


def publishing_by_itself(article: Article, editor: Agent) -> Callable[[], object]:
    draft = schedule(revision=new_words(article, editor), at=now() + timedelta(hours=1), by=editor)
    Revision.objects.filter(pk=draft.pk).update(publish_at=now())
    return lambda: publish_at_its_time.func(revision_id=draft.pk)


def bringing_back(article: Article, editor: Agent) -> Callable[[], object]:
    publish(revision=new_words(article, editor), by=editor)
    archive(article=article, by=editor)
    return lambda: bring_back(article=article, by=editor)


@pytest.mark.parametrize("showing", [publishing, publishing_by_itself, bringing_back])
def test_a_text_that_is_shown_while_its_fact_is_set_says_the_new_figure(
    brand: Brand, editor: Agent, quoting: Article, showing: Callable[[Article, Agent], Callable[[], object]]
) -> None:
    article = make_article(brand, "another", by=editor)

    once_it_waits(showing(article, editor), lambda: set_fact(brand=brand, key="hours", value=2, by=editor))

    assert of(article).text == "After 2, see."


def test_of_two_who_add_the_same_new_fact_the_second_is_told(brand: Brand, editor: Agent) -> None:
    client = browser_of(editor)
    form = {"key": "limit", "value": "2", "brand": str(brand.pk)}

    answer = once_it_waits(
        lambda: set_fact(brand=brand, key="limit", value=1, by=editor),
        lambda: client.post("/desk/articles/facts/new/", form),
    )

    assert answer.status_code == 409
    assert Fact.objects.get().value == 1


def test_of_two_who_bring_a_picture_of_one_name_the_second_is_told(
    brand: Brand, editor: Agent, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(picture())

    def bring() -> Picture:
        return add_picture(brand=brand, path=path, key="page", by=editor)

    def files() -> set[str]:
        return set(storages["files"].listdir(FOLDER)[1]) if storages["files"].exists(FOLDER) else set()

    before = files()

    with pytest.raises(KeyTaken):
        once_it_waits(bring, bring)

    assert files() - before == {Picture.objects.get().name}


def test_what_is_archived_while_it_is_published_stays_archived(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "deposit", by=editor)
    draft = write(article, make_text("New title"), by=editor)

    with pytest.raises(NotOpen):
        once_it_waits(lambda: archive(article=article, by=editor), lambda: publish(revision=draft, by=editor))

    assert not Translation.objects.shown().exists()


def test_what_is_archived_while_its_schedule_comes_due_is_archived_and_nobody_waits_for_ever(
    brand: Brand, editor: Agent
) -> None:
    article = make_published(brand, "both", by=editor, languages=("zh-hans", "en"))
    draft = schedule(
        revision=write(article, make_text("New title"), by=editor), at=now() + timedelta(hours=1), by=editor
    )

    def lock() -> None:
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        Translation.objects.locked().get(pk=draft.translation_id)

    once_it_waits(
        lock,
        lambda: archive(article=article, by=editor),
        then=lambda: publish(revision=draft, by=editor),
    )

    assert not Translation.objects.shown().filter(article=article).exists()
    assert of(article).title == "New title"


def test_nothing_is_put_on_a_shelf_that_is_archived_at_that_moment(brand: Brand, editor: Agent) -> None:
    shelf = add_shelf(brand=brand, key="chain", text=ShelfText(names={"en": "Chain"}), by=editor)

    with pytest.raises(ShelfGone):
        once_it_waits(
            lambda: archive_shelf(shelf=shelf, by=editor),
            lambda: make_article(brand, "late", by=editor, category=shelf),
        )

    assert not Article.objects.exists()


def test_a_shelf_on_which_something_is_put_at_that_moment_is_not_archived(
    brand: Brand, editor: Agent
) -> None:
    shelf = add_shelf(brand=brand, key="chain", text=ShelfText(names={"en": "Chain"}), by=editor)

    with pytest.raises(ShelfInUse):
        once_it_waits(
            lambda: make_article(brand, "first", by=editor, category=shelf),
            lambda: archive_shelf(shelf=shelf, by=editor),
        )

    shelf.refresh_from_db()
    assert shelf.archived_at is None


def test_two_windows_of_one_editor_that_open_at_once_are_one_presence(brand: Brand, editor: Agent) -> None:
    text = of(make_article(brand, "one", by=editor))

    once_it_waits(
        lambda: be_present(translation=text, by=editor, is_changing=False),
        lambda: be_present(translation=text, by=editor, is_changing=False),
    )

    assert Presence.objects.count() == 1
