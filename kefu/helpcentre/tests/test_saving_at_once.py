"""Two editors who save the same text at the same moment: the second is told, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import Client

from kefu.accounts.models import Agent
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.accounts.tests.settings_pages import browser_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import publish, save_draft
from kefu.helpcentre.models import Article, Revision, State
from kefu.helpcentre.tests.factories import make_article, make_editor, make_text, of, write

pytestmark = pytest.mark.django_db(transaction=True)
MINE = {
    "title": "My title",
    "summary": "My summary.",
    "synonyms": "one\ntwo\nthree",
    "source": "Mine.",
    "based_on": "0",
}


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def other(brand: Brand) -> Agent:
    return make_editor(brand, name="陈柏宇 Brian")


@pytest.fixture
def article(brand: Brand, editor: Agent) -> Article:
    return make_article(brand, "deposit", by=editor)


@pytest.fixture
def unwritten(article: Article) -> Article:
    """The brand has learnt English since, so there is no row of it yet."""
    article.translations.filter(language="en").delete()
    return article


def post(client: Client, article: Article, **more: str) -> Any:
    return client.post(f"/desk/articles/{article.pk}/en/", MINE | more)


def first_words(article: Article, by: Agent) -> Revision:
    made = article.translations.create(language="en")
    return save_draft(translation=made, text=make_text("Theirs"), by=by, based_on=0)


def once_saved(then: Callable[[Revision], object]) -> Callable[..., None]:
    """Hears of the next revision; `then` is done as soon as its transaction is over."""

    def hear(sender: object, instance: Revision, created: bool, **_: Any) -> None:
        post_save.disconnect(hear, sender=Revision)
        transaction.on_commit(lambda: then(instance))

    post_save.connect(hear, sender=Revision, weak=False)
    return hear


def test_a_save_between_mine_and_its_review_is_told_and_both_texts_are_kept(
    editor: Agent, other: Agent, article: Article
) -> None:
    client = browser_of(editor)
    hear = once_saved(lambda _: write(article, make_text("Theirs", "Theirs."), by=other))

    answer = post(client, article, do="review")

    assert not post_save.disconnect(hear, sender=Revision)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈柏宇 Brian saved revision 2" in page
    assert 'name="based_on" value="2"' in page
    assert 'value="My title"' in page
    assert list(of(article).revisions.values_list("source", "state")) == [
        ("Theirs.\n", State.DRAFT),
        ("Mine.\n", State.SUPERSEDED),
    ]


def test_a_text_that_is_published_before_its_author_sends_it_to_review_stays_published(
    editor: Agent, other: Agent, article: Article
) -> None:
    client = browser_of(editor)
    once_saved(lambda mine: publish(revision=mine, by=other))

    answer = post(client, article, do="review")

    assert answer.status_code == 302
    assert "Meanwhile this revision was published" in client.get(answer["Location"]).content.decode()
    assert of(article).newest.state == State.PUBLISHED


def test_of_two_who_write_the_first_words_of_a_language_the_second_is_told(
    editor: Agent, other: Agent, unwritten: Article
) -> None:
    client, waiting = browser_of(editor), [lambda: first_words(unwritten, other)]

    def once_looked_for(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found = execute(sql, *rest)
        if waiting and sql.startswith("SELECT") and 'FROM "helpcentre_translation"' in sql:
            waiting.pop()()
        return found

    with connection.execute_wrapper(once_looked_for):
        answer = post(client, unwritten)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈柏宇 Brian saved revision 1" in page
    assert 'value="My title"' in page
    assert of(unwritten).newest.title == "Theirs"


@only_postgresql
def test_of_two_who_write_the_first_words_at_once_the_second_waits_and_is_told(
    editor: Agent, other: Agent, unwritten: Article
) -> None:
    client = browser_of(editor)

    answer = once_it_waits(lambda: first_words(unwritten, other), lambda: post(client, unwritten))

    assert answer.status_code == 409
    assert 'value="My title"' in answer.content.decode()
    assert of(unwritten).newest.title == "Theirs"
