"""A schedule that can't be kept: said where it is edited, by letter to whom it concerns, and not tried again by itself."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from kefu.accounts import announcing
from kefu.accounts.models import Agent
from kefu.accounts.tests.settings_pages import browser_of
from kefu.background.running import run_next
from kefu.brands.models import Brand
from kefu.helpcentre import tasks
from kefu.helpcentre.actions import archive, schedule
from kefu.helpcentre.models import Article, Fact, Revision, State
from kefu.helpcentre.tasks import LATE, publish_what_is_late
from kefu.helpcentre.tests.factories import make_article, make_editor, make_text, of, write
from kefu.helpcentre.verbs import publishing
from kefu.helpcentre.verbs.publishing import publish_at_its_time
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter

LIST = "/desk/articles/"
AT = datetime.fromisoformat("2030-03-01T02:00:00+00:00")


@pytest.fixture(autouse=True)
def letters(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "kefu.mailroom.backend.Letters"
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def owner(brand: Brand) -> Agent:
    agent = make_editor(brand, name="何思恩")
    agent.language = "zh-hant"
    agent.save(update_fields=["language"])
    return agent


@pytest.fixture
def article(brand: Brand, editor: Agent, owner: Agent) -> Article:
    return make_article(brand, "deposit", by=editor, owner=owner)


@pytest.fixture
def client(editor: Agent) -> Client:
    return browser_of(editor)


def scheduled(brand: Brand, article: Article, editor: Agent) -> Revision:
    """With a fact that is gone when its moment comes."""
    fact = Fact.objects.create(brand=brand, key="hours", value=9)
    revision = write(article, make_text("Campaign", "First.\n\nUntil {{ facts.hours }}."), by=editor)
    with time_machine.travel(AT - timedelta(hours=1), tick=False):
        schedule(revision=revision, at=AT, by=editor)
    fact.delete()
    return revision


def run(task: object, at: datetime, **more: int) -> None:
    with time_machine.travel(at, tick=False):
        task.call(**more)  # type: ignore[attr-defined]


def work(at: datetime) -> None:
    """As a worker does at that moment, until nothing is due."""
    with time_machine.travel(at, tick=False):
        while run_next("worker"):
            pass


def broken(*_: object, **__: object) -> None:
    raise OSError("disk full")


def test_owner_and_who_chose_the_moment_get_a_letter_with_the_reason_each_in_their_language(
    brand: Brand, article: Article, editor: Agent, owner: Agent
) -> None:
    revision = scheduled(brand, article, editor)

    run(publish_at_its_time, AT, revision_id=revision.pk)
    run(publish_at_its_time, AT + timedelta(minutes=1), revision_id=revision.pk)

    told = {one.recipient: "\n".join(json.loads(one.words).values()) for one in Letter.objects.all()}
    assert set(told) == {editor.email, owner.email}
    assert "“Campaign” was not published at its time" in told[editor.email]
    assert "hours" in told[editor.email]
    assert "1 Mar 2030, 10:00" in told[editor.email]
    assert f"/desk/articles/{article.pk}/en/" in told[editor.email]
    assert "沒能按時發布" in told[owner.email]
    assert Entry.objects.filter(kind="article.schedule_failed", subject_id=article.pk).count() == 1


def test_the_editor_shows_moment_and_reason_until_it_is_scheduled_anew(
    brand: Brand, article: Article, editor: Agent, client: Client
) -> None:
    revision = scheduled(brand, article, editor)
    run(publish_at_its_time, AT, revision_id=revision.pk)

    page = client.get(f"{LIST}{article.pk}/en/").content.decode()
    assert "Revision 1 was to be published by itself on" in page
    assert "hours" in page.partition("was to be published")[2][:900]
    assert "It is not tried again by itself" in page
    assert "Schedule missed</span>" in client.get(f"{LIST}{article.pk}/").content.decode()
    assert f"{LIST}{article.pk}/" in client.get(f"{LIST}?state=missed").content.decode()

    Fact.objects.create(brand=brand, key="hours", value=9)
    revision.refresh_from_db()
    schedule(revision=revision, at=now() + timedelta(days=1), by=editor)
    page = client.get(f"{LIST}{article.pk}/en/").content.decode()
    assert "was to be published by itself" not in page
    assert f"{LIST}{article.pk}/" not in client.get(f"{LIST}?state=missed").content.decode()


def test_a_mended_draft_takes_its_place(
    brand: Brand, article: Article, editor: Agent, client: Client
) -> None:
    run(publish_at_its_time, AT, revision_id=scheduled(brand, article, editor).pk)
    write(article, make_text("Mended"), by=editor)
    assert "was to be published by itself" not in client.get(f"{LIST}{article.pk}/en/").content.decode()


def test_without_an_owner_who_chose_the_moment_is_told_and_nobody_who_left(
    brand: Brand, article: Article, editor: Agent, owner: Agent
) -> None:
    owner.is_active = False
    owner.save(update_fields=["is_active"])

    run(publish_at_its_time, AT, revision_id=scheduled(brand, article, editor).pk)

    assert [letter.recipient for letter in Letter.objects.all()] == [editor.email]


def test_an_owner_who_may_not_write_any_more_hears_nothing_of_a_draft(
    brand: Brand, article: Article, editor: Agent, owner: Agent
) -> None:
    Agent.objects.filter(pk=owner.pk).update(knowledge="")

    run(publish_at_its_time, AT, revision_id=scheduled(brand, article, editor).pk)

    assert [letter.recipient for letter in Letter.objects.all()] == [editor.email]


def test_where_no_letter_leaves_the_editor_says_it_all_the_same(
    brand: Brand, article: Article, editor: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "_ways", [])
    run(publish_at_its_time, AT, revision_id=scheduled(brand, article, editor).pk)
    assert not Letter.objects.exists()
    assert Revision.objects.get().missed_at == AT


def test_what_its_own_task_gave_up_is_published_late(brand: Brand, article: Article, editor: Agent) -> None:
    scheduled(brand, article, editor)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    Fact.objects.create(brand=brand, key="hours", value=9)

    run(publish_what_is_late, AT + LATE)
    assert Revision.objects.get().state == State.SCHEDULED
    run(publish_what_is_late, AT + LATE + timedelta(seconds=1))

    assert Revision.objects.get().state == State.PUBLISHED
    assert not Letter.objects.exists()


def test_what_fails_for_half_an_hour_through_no_fault_of_the_text_is_given_back(
    brand: Brand, article: Article, editor: Agent, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(brand, article, editor)
    monkeypatch.setattr(publishing, "publish_locked", broken)

    for minutes in range(0, 31, 5):
        work(AT + timedelta(minutes=minutes))
    assert Revision.objects.get().state == State.SCHEDULED
    run(publish_what_is_late, AT + LATE * 2)

    assert Revision.objects.get().state == State.REVIEW
    assert "Nothing is wrong with the text" in client.get(f"{LIST}{article.pk}/en/").content.decode()
    assert Letter.objects.count() == 2


def test_after_an_outage_its_own_task_has_all_its_tries_before_it_is_given_back(
    brand: Brand, article: Article, editor: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(brand, article, editor)
    Fact.objects.create(brand=brand, key="hours", value=9)
    with monkeypatch.context() as trouble:
        trouble.setattr(publishing, "publish_locked", broken)
        run(publish_what_is_late, AT + LATE * 4)
        work(AT + LATE * 4)
        run(publish_what_is_late, AT + LATE * 4)
    assert Revision.objects.get().state == State.SCHEDULED

    work(AT + LATE * 4 + timedelta(minutes=1))

    assert Revision.objects.get().state == State.PUBLISHED
    assert not Letter.objects.exists()


def test_an_archived_article_misses_nothing(brand: Brand, article: Article, editor: Agent) -> None:
    scheduled(brand, article, editor)
    archive(article=article, by=editor)
    run(publish_what_is_late, AT + LATE * 2)
    assert of(article).newest.state == State.DRAFT
    assert publish_what_is_late in [job.task for job in tasks.SCHEDULE]
