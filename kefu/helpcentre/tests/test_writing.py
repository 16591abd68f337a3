from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.policy import Refused
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    InThePast,
    SavedMeanwhile,
    archive,
    bring_back,
    publish,
    restore,
    save_draft,
    schedule,
    send_back,
    send_to_review,
)
from kefu.helpcentre.facts import UnknownFact
from kefu.helpcentre.models import Article, Fact, Revision, Size, State, Translation
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, make_text, of, write
from kefu.helpcentre.text import Text
from kefu.helpcentre.verbs.publishing import publish_at_its_time
from kefu.journal.models import Entry
from kefu.search.actions import reindex
from kefu.search.find import find


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def article(brand: Brand, editor: Agent) -> Article:
    return make_article(brand, "deposit", by=editor)


def states(article: Article, language: str = "en") -> list[str]:
    """Oldest first."""
    return list(of(article, language).revisions.order_by("number").values_list("state", flat=True))


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def readers(brand: Brand) -> list[str]:
    return list(Translation.objects.readable_in(brand, "en").values_list("title", flat=True))


def test_a_draft_is_kept_and_no_reader_sees_it(brand: Brand, article: Article, editor: Agent) -> None:
    revision = write(article, make_text("A draft"), by=editor, note="first words")

    assert (revision.number, revision.state, revision.actor, revision.note) == (
        1,
        State.DRAFT,
        editor.actor,
        "first words",
    )
    assert readers(brand) == []
    reindex(source=ARTICLES)
    assert find("draft", brand=brand, language="en", audience="staff") == []


def test_each_save_is_a_revision_and_the_same_words_are_none(article: Article, editor: Agent) -> None:
    write(article, make_text("One"), by=editor)
    write(article, make_text("Two"), by=editor)
    write(article, make_text("Two"), by=editor)

    assert states(article) == ["superseded", "draft"]
    assert of(article).newest.title == "Two"


def test_what_is_published_is_what_readers_see_until_the_next_is(
    brand: Brand, article: Article, editor: Agent
) -> None:
    publish(revision=write(article, make_text("First"), by=editor), by=editor)
    second = write(article, make_text("Second"), by=editor)
    assert readers(brand) == ["First"]

    publish(revision=second, by=editor, size=Size.MEDIUM)

    assert readers(brand) == ["Second"]
    assert states(article) == ["superseded", "published"]
    assert of(article).published == 2
    assert kinds().count("article.published") == 2


def test_the_first_of_a_language_is_a_major_change(article: Article, editor: Agent) -> None:
    revision = publish(revision=write(article, make_text(), by=editor), by=editor, size=Size.TYPO)

    assert revision.size == Size.MAJOR


def test_a_typo_leaves_the_date_that_readers_see(article: Article, editor: Agent) -> None:
    publish(revision=write(article, make_text("Deposid"), by=editor), by=editor)
    before = of(article).updated_at

    publish(revision=write(article, make_text("Deposit"), by=editor), by=editor, size=Size.TYPO)
    assert of(article).updated_at == before

    publish(revision=write(article, make_text("Withdrawal"), by=editor), by=editor, size=Size.MEDIUM)
    assert of(article).updated_at > before


def test_whoever_wrote_on_an_older_revision_is_told_and_nothing_is_overwritten(
    brand: Brand, article: Article, editor: Agent
) -> None:
    other = make_editor(brand, name="陈柏宇")
    first = write(article, make_text("First"), by=editor)
    theirs = save_draft(translation=of(article), text=make_text("Theirs"), by=other, based_on=first.number)

    with pytest.raises(SavedMeanwhile) as told:
        save_draft(translation=of(article), text=make_text("Mine"), by=editor, based_on=first.number)

    assert told.value.newest == theirs
    assert told.value.newest.actor == other.actor
    mine = save_draft(translation=of(article), text=make_text("Mine"), by=editor, based_on=theirs.number)
    assert list(of(article).revisions.values_list("title", flat=True)) == ["Mine", "Theirs", "First"]
    assert mine.number == 3


def test_a_text_that_could_not_be_shown_is_not_saved(article: Article, editor: Agent) -> None:
    with pytest.raises(UnknownFact, match=r"Line 3: There is no fact “limits\.daily”"):
        write(article, make_text(source="One.\n\nUp to {{ facts.limits.daily }} a day."), by=editor)

    assert not Revision.objects.exists()


def test_review_is_a_state_on_the_way_and_back(article: Article, editor: Agent) -> None:
    revision = write(article, make_text(), by=editor)

    send_to_review(revision=revision, by=editor)
    assert states(article) == ["review"]
    send_back(revision=revision, by=editor)
    assert states(article) == ["draft"]
    write(article, make_text("Two"), by=editor)

    with pytest.raises(SavedMeanwhile):
        send_to_review(revision=revision, by=editor)
    assert kinds()[-4:] == [
        "article.saved",
        "article.sent_to_review",
        "article.sent_back",
        "article.saved",
    ]


def test_an_earlier_revision_becomes_the_draft_again(article: Article, editor: Agent) -> None:
    first = publish(revision=write(article, make_text("First"), by=editor), by=editor)
    publish(revision=write(article, make_text("Second"), by=editor), by=editor)

    made = restore(revision=Revision.objects.get(pk=first.pk), by=editor)

    assert (made.number, made.text, made.state) == (3, first.text, State.DRAFT)
    assert states(article) == ["superseded", "published", "draft"]


def test_what_is_scheduled_is_published_at_its_moment_beside_a_newer_draft(
    brand: Brand, article: Article, editor: Agent
) -> None:
    at = now() + timedelta(hours=2)
    revision = schedule(revision=write(article, make_text("Campaign"), by=editor), at=at, by=editor)
    write(article, make_text("Next words"), by=editor)

    publish_at_its_time.call(revision_id=revision.pk)
    assert readers(brand) == []
    with time_machine.travel(at, tick=False):
        publish_at_its_time.call(revision_id=revision.pk)
        publish_at_its_time.call(revision_id=revision.pk)

    assert readers(brand) == ["Campaign"]
    assert states(article) == ["published", "draft"]
    published = Entry.objects.get(kind="article.published")
    assert published.actor == editor.actor


def test_what_was_taken_off_the_schedule_is_not_published(
    brand: Brand, article: Article, editor: Agent
) -> None:
    at = now() + timedelta(hours=2)
    revision = schedule(revision=write(article, make_text(), by=editor), at=at, by=editor)
    send_back(revision=revision, by=editor)

    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        publish_at_its_time.call(revision_id=revision.pk)

    assert readers(brand) == []
    assert states(article) == ["draft"]


def test_a_schedule_that_cannot_be_kept_ends_in_review(brand: Brand, article: Article, editor: Agent) -> None:
    fact = Fact.objects.create(brand=brand, key="hours", value=9)
    at = now() + timedelta(hours=2)
    text = make_text(source="Until {{ facts.hours }}.")
    revision = schedule(revision=write(article, text, by=editor), at=at, by=editor)
    fact.delete()

    with time_machine.travel(at, tick=False):
        publish_at_its_time.call(revision_id=revision.pk)

    assert states(article) == ["review"]
    assert readers(brand) == []
    assert kinds()[-1] == "article.schedule_failed"


def test_nothing_is_scheduled_for_the_past(article: Article, editor: Agent) -> None:
    with pytest.raises(InThePast):
        schedule(revision=write(article, make_text(), by=editor), at=now(), by=editor)


def test_an_archived_article_is_found_nowhere_and_comes_back_as_it_was(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "deposit", by=editor)
    reindex(source=ARTICLES)
    assert find("deposit", brand=brand, language="en") != []

    archive(article=article, by=editor)
    reindex(source=ARTICLES)
    assert readers(brand) == []
    assert find("deposit", brand=brand, language="en", audience="staff") == []
    assert kinds()[-1] == "article.archived"

    bring_back(article=article, by=editor)
    assert readers(brand) == ["deposit en"]
    assert kinds()[-1] == "article.published"


def test_who_took_away_what_waited_for_its_day_is_in_the_journal(article: Article, editor: Agent) -> None:
    schedule(revision=write(article, make_text(), by=editor), at=now() + timedelta(hours=1), by=editor)

    archive(article=article, by=editor)
    archive(article=article, by=editor)

    entry = Entry.objects.filter(kind="article.archived").get()
    assert (entry.actor, entry.subject_id) == (editor.actor, article.pk)


def test_who_brought_back_what_nobody_had_read_is_in_the_journal(article: Article, editor: Agent) -> None:
    write(article, make_text(), by=editor)
    archive(article=article, by=editor)

    bring_back(article=article, by=editor)
    bring_back(article=article, by=editor)

    entry = Entry.objects.filter(kind="article.brought_back").get()
    assert (entry.actor, entry.subject_id) == (editor.actor, article.pk)
    assert "article.published" not in kinds()


def test_a_writer_writes_and_does_not_publish(brand: Brand, article: Article, editor: Agent) -> None:
    writer = make_editor(brand, Knowledge.WRITES)
    revision = write(article, make_text(), by=writer)
    send_to_review(revision=revision, by=writer)

    for refused in (
        lambda: publish(revision=revision, by=writer),
        lambda: schedule(revision=revision, at=now() + timedelta(hours=1), by=writer),
        lambda: archive(article=article, by=writer),
    ):
        with pytest.raises(Refused):
            refused()
    assert readers(brand) == []


def test_who_was_granted_nothing_writes_nothing(brand: Brand, article: Article) -> None:
    agent = make_editor(brand, Knowledge.NONE)

    with pytest.raises(Refused):
        write(article, make_text(), by=agent)
    assert not Revision.objects.exists()


def test_control_characters_do_not_come_along_from_other_programs() -> None:
    typed = Text.typed(
        title="A\x08 title", summary="\x00so", synonyms="one\x1f\ntwo", source="\ufffebody\x0c\n"
    )

    assert (typed.title, typed.summary, typed.synonyms, typed.source) == (
        "A title",
        "so",
        ("one", "two"),
        "body\n",
    )
