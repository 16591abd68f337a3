"""Whatever an editor types gets a sentence at its field; what is on its way to readers is found in the list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.tests.settings_pages import browser_of, fields_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    NotOpen,
    add_old_address,
    add_picture,
    archive,
    publish,
    remove_old_address,
    remove_picture,
    schedule,
    set_fact,
)
from kefu.helpcentre.models import Article, Fact, Revision, State, Translation
from kefu.helpcentre.tests.factories import (
    make_article,
    make_editor,
    make_published,
    make_shelf,
    make_text,
    of,
    write,
)
from kefu.helpcentre.verbs.publishing import publish_at_its_time
from kefu.safety.tests.files import picture

LIST = "/desk/articles/"


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def client(editor: Agent) -> Client:
    client = browser_of(editor)
    client.raise_request_exception = False
    return client


@pytest.fixture
def article(brand: Brand, editor: Agent) -> Article:
    return make_published(brand, "deposit", by=editor)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"number": str(10**12)}, "A whole number, 1000000 at most."),
        ({"tool": "a" * 60}, "50 characters at most."),
    ],
)
def test_what_is_too_much_for_a_frame_is_said_at_its_field(
    client: Client, article: Article, typed: dict[str, str], says: str
) -> None:
    address = f"{LIST}{article.pk}/frame/"

    answer = client.post(address, fields_of(client.get(address), address) | typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'value="{next(iter(typed.values()))}"' in page


def test_a_new_article_takes_nobodys_place(brand: Brand, client: Client, article: Article) -> None:
    frame = {
        "slug": "new-one",
        "category": make_shelf(brand).pk,
        "audience": "public",
        "review_on": "2031-01-01",
        "owners-zh-hans": "我们",
        "number": str(article.number),
    }

    answer = client.post(f"{LIST}new/", frame)

    assert answer.status_code == 422
    assert "Another article has this place." in answer.content.decode()


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "9999-12-31T23:59", "0001-01-01T00:00+23:00"])
def test_a_moment_that_nobody_lives_to_see_is_said_at_its_field(
    client: Client, editor: Agent, article: Article, at: str
) -> None:
    write(article, make_text("New"), by=editor)

    answer = client.post(
        f"{LIST}{article.pk}/en/revisions/2/publish/", {"size": "medium", "when": "later", "at": at}
    )

    assert answer.status_code == 422
    assert 'id="at-problem"' in answer.content.decode()


def test_a_draft_in_an_old_tab_is_not_published_over_an_archive(
    client: Client, editor: Agent, article: Article
) -> None:
    write(article, make_text("New"), by=editor)
    publishing = f"{LIST}{article.pk}/en/revisions/2/publish/"
    archive(article=article, by=editor)

    answer = client.post(publishing, {"size": "medium", "when": "now"})

    assert answer.status_code == 422
    assert "The article is archived. Show it to readers again" in answer.content.decode()
    assert not Translation.objects.shown().exists()
    page = client.get(publishing).content.decode()
    assert "The article is archived: publishing shows it to readers again" in page
    assert '<input type="hidden" name="archived" value="yes">' in page
    client.post(publishing, {"size": "medium", "when": "now", "archived": "yes"})
    assert of(article).is_shown


def test_what_is_published_and_archived_is_not_said_to_be_published_now(
    client: Client, editor: Agent, article: Article
) -> None:
    archive(article=article, by=editor)

    with pytest.raises(NotOpen):
        publish(revision=of(article).revisions.get(), by=editor)
    answer = client.post(
        f"{LIST}{article.pk}/en/revisions/1/publish/", {"size": "medium", "when": "now", "archived": "yes"}
    )

    assert answer.status_code == 422
    assert "The article is archived. Show it to readers again" in answer.content.decode()


def scheduled_behind_a_draft(article: Article, editor: Agent) -> Revision:
    revision = write(article, make_text("T", "{{ facts.f }}"), by=editor)
    schedule(revision=revision, at=now() + timedelta(hours=1), by=editor)
    write(article, make_text("Newer"), by=editor)
    return revision


def test_what_is_scheduled_behind_a_newer_draft_is_found(brand: Brand, client: Client, editor: Agent) -> None:
    set_fact(brand=brand, key="f", value=1, by=editor)
    article = make_article(brand, "later", by=editor)
    scheduled_behind_a_draft(article, editor)

    page = client.get(f"{LIST}?state=scheduled").content.decode()

    assert f"{LIST}{article.pk}/" in page
    assert "Scheduled</span>" in client.get(f"{LIST}{article.pk}/").content.decode()


def test_a_schedule_that_failed_behind_a_newer_draft_is_found_in_review(
    brand: Brand, client: Client, editor: Agent
) -> None:
    set_fact(brand=brand, key="f", value=1, by=editor)
    article = make_article(brand, "later", by=editor)
    revision = scheduled_behind_a_draft(article, editor)
    Fact.objects.all().delete()

    with time_machine.travel(now() + timedelta(hours=2)):
        publish_at_its_time.func(revision_id=revision.pk)

    assert f"{LIST}{article.pk}/" in client.get(f"{LIST}?state=review").content.decode()


def test_what_was_scheduled_behind_a_newer_draft_is_over_when_the_article_is_archived(
    brand: Brand, editor: Agent
) -> None:
    set_fact(brand=brand, key="f", value=1, by=editor)
    article = make_article(brand, "later", by=editor)
    revision = scheduled_behind_a_draft(article, editor)

    archive(article=article, by=editor)

    revision.refresh_from_db()
    assert (revision.state, of(article).newest.state) == (State.SUPERSEDED, State.DRAFT)


def test_whoever_removes_something_holds_the_journal_last(
    brand: Brand, editor: Agent, article: Article, tmp_path: Path
) -> None:
    address = add_old_address(article=article, path="/a", by=editor)
    path = tmp_path / "page.png"
    path.write_bytes(picture())
    shown = add_picture(brand=brand, path=path, key="page", by=editor)

    for remove in (
        lambda: remove_old_address(address=address, by=editor),
        lambda: remove_picture(picture=shown, by=editor),
        lambda: archive(article=article, by=editor),
    ):
        with CaptureQueriesContext(connection) as done:
            remove()
        verbs = [one["sql"].split()[0] for one in done.captured_queries]
        written = [verb for verb in verbs if verb in {"INSERT", "UPDATE", "DELETE"}]
        assert len(written) > 1
        assert written[-1] == "INSERT"
