from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from pytest_django import Settings

from kefu.accounts import announcing
from kefu.accounts.models import Agent, Knowledge
from kefu.brands.models import Brand
from kefu.helpcentre.actions import close_feedback, give_feedback, say_it_is_right
from kefu.helpcentre.models import Article, Feedback, Verdict
from kefu.helpcentre.tasks import remind_owners, tell_owners_of_words
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, of
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter

DAY = date(2030, 3, 1)


@pytest.fixture(autouse=True)
def letters(settings: Settings) -> None:
    """As it is outside of tests, where Django keeps all mail to itself."""
    settings.EMAIL_BACKEND = "kefu.mailroom.backend.Letters"


@pytest.fixture
def letters_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])


def run(day: date) -> int:
    with time_machine.travel(f"{day.isoformat()}T02:00:00Z", tick=False):
        remind_owners.call()
    return Letter.objects.count()


def test_an_owner_gets_one_letter_when_the_day_has_come_and_one_for_the_next_day(
    brand: Brand, letters_leave: None
) -> None:
    owner = make_editor(brand)
    article = make_published(brand, "deposit", by=owner, owner=owner, review_on=DAY)

    assert run(date(2030, 2, 28)) == 0
    assert run(DAY) == 1
    assert run(date(2030, 3, 2)) == 1
    letter = Letter.objects.get()
    assert letter.recipient == owner.email
    assert f"/desk/articles/{article.pk}/" in letter.words
    assert Entry.objects.filter(kind="article.owner_reminded", subject_id=article.pk).count() == 1

    say_it_is_right(article=article, review_on=date(2030, 6, 1), by=owner)
    assert run(date(2030, 5, 31)) == 1
    assert run(date(2030, 6, 2)) == 2


def test_nobody_is_reminded_of_what_nobody_reads_or_owns(brand: Brand, letters_leave: None) -> None:
    owner = make_editor(brand)
    make_article(brand, "draft", by=owner, owner=owner, review_on=DAY)
    make_published(brand, "nobodys", by=owner, review_on=DAY)
    left = make_editor(brand, name="走了")
    make_published(brand, "of-one-who-left", by=owner, owner=left, review_on=DAY)
    left.is_active = False
    left.save(update_fields=["is_active"])

    assert run(date(2030, 3, 2)) == 0


def test_where_no_letter_leaves_the_reminder_waits(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_editor(brand)
    make_published(brand, "deposit", by=owner, owner=owner, review_on=DAY)
    monkeypatch.setattr(announcing, "_ways", [])
    assert run(DAY) == 0

    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    assert run(date(2030, 3, 5)) == 1


def say(article: Article, words: str) -> Feedback:
    return give_feedback(
        translation=of(article),
        revision=1,
        client_id=f"{Feedback.objects.count():032d}",
        verdict=Verdict.NOT_HELPFUL,
        words=words,
    )


def tell(day: date = DAY) -> list[Letter]:
    with time_machine.travel(f"{day.isoformat()}T02:00:00Z", tick=False):
        tell_owners_of_words.call()
    return list(Letter.objects.order_by("pk"))


def test_owners_are_told_once_of_what_readers_said_of_their_articles_and_of_no_others(
    brand: Brand, letters_leave: None
) -> None:
    owner, other = make_editor(brand), make_editor(brand, name="陈柏宇 Brian")
    own = make_published(brand, "deposit", by=owner, owner=owner)
    elsewhere = make_published(brand, "withdrawal", by=owner, owner=other)
    assert tell() == []
    say(own, "The menu is elsewhere")
    say(own, "")
    say(own, "Still the same")
    close_feedback(feedback=say(elsewhere, "Somebody has done with it"), by=other)

    (letter,) = tell()

    assert letter.recipient == owner.email
    assert "2 readers said something about articles of yours" in letter.words
    assert "/desk/articles/voices/" in letter.words
    assert "elsewhere" not in letter.words
    assert len(tell()) == 1
    say(own, "And again")
    assert len(tell()) == 2


def test_what_was_said_before_there_were_letters_is_in_none_of_them(
    brand: Brand, letters_leave: None
) -> None:
    owner = make_editor(brand)
    own = make_published(brand, "deposit", by=owner, owner=owner)
    for words in ("An old one", "Another", ""):
        say(own, words)

    import_module("kefu.helpcentre.migrations.0014_told_of_words").count_as_told(apps, None)

    assert tell() == []
    assert Feedback.objects.filter(told_at=None).count() == 1
    say(own, "A new one")
    (letter,) = tell()
    assert "A reader said something about an article of yours" in letter.words


def test_an_owner_who_may_not_write_any_more_gets_no_letter(brand: Brand, letters_leave: None) -> None:
    owner = make_editor(brand)
    article = make_published(brand, "deposit", by=owner, owner=owner, review_on=DAY)
    say(article, "The menu is elsewhere")
    Agent.objects.filter(pk=owner.pk).update(knowledge="")

    assert tell() == []
    assert run(DAY) == 0

    Agent.objects.filter(pk=owner.pk).update(knowledge=Knowledge.WRITES)
    assert len(tell()) == 1


def test_where_no_letter_leaves_the_words_wait_for_one(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_editor(brand)
    say(make_published(brand, "deposit", by=owner, owner=owner), "The menu is elsewhere")
    monkeypatch.setattr(announcing, "_ways", [])
    assert tell() == []

    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    assert len(tell()) == 1
