from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.policy import Refused
from kefu.accounts.tests.settings_pages import browser_of
from kefu.brands.models import Brand
from kefu.helpcentre import drawing, showing
from kefu.helpcentre.actions import BadFact, FactInUse, publish, put_back_fact, remove_fact, set_fact
from kefu.helpcentre.drawing import Drawings, Drawn, Surroundings, draw
from kefu.helpcentre.facts import UnknownFact
from kefu.helpcentre.models import Fact, FactRevision, Translation
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, make_text, write
from kefu.journal.models import Entry
from kefu.journal.revisions import ChangedMeanwhile


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


QUOTING = make_text("Limits", "Up to {{ facts.limits.daily }} a day.")


def published_count() -> int:
    return Entry.objects.filter(kind="article.published").count()


def test_a_fact_that_changes_is_read_anew_in_every_published_text_and_nowhere_else(
    brand: Brand, editor: Agent
) -> None:
    set_fact(brand=brand, key="limits.daily", value=10, by=editor)
    quoting = make_published(brand, "limits", by=editor, text=QUOTING, languages=("en", "zh-hans"))
    other = make_published(brand, "other", by=editor)
    draft = write(quoting, make_text("Limits", "Never more than {{ facts.limits.daily }}."), by=editor)
    before = published_count()

    set_fact(brand=brand, key="limits.daily", value=25, by=editor)

    texts = list(Translation.objects.filter(article=quoting).exclude(published=None))
    assert [one.text for one in texts] == ["Up to 25 a day."] * 2
    assert published_count() == before + 1
    assert Entry.objects.filter(kind="article.published").latest("pk").subject_id == quoting.pk
    draft.refresh_from_db()
    assert draft.source == "Never more than {{ facts.limits.daily }}.\n"
    assert Translation.objects.get(article=other, language="en").text == "Wait a little."


@pytest.mark.parametrize(("first", "then"), [("limits", "limits.daily"), ("limits.daily.card", "limits")])
def test_no_fact_is_a_figure_and_a_table_of_others(
    brand: Brand, editor: Agent, first: str, then: str
) -> None:
    set_fact(brand=brand, key=first, value=1, by=editor)
    set_fact(brand=brand, key="limit", value=1, by=editor)

    with pytest.raises(BadFact, match="no name goes on where another ends"):
        set_fact(brand=brand, key=then, value=2, by=editor)


def test_a_text_reaches_into_no_fact_by_its_language(brand: Brand, editor: Agent) -> None:
    set_fact(brand=brand, key="limit", value={"en": "ten"}, by=editor)
    article = make_article(brand, "limits", by=editor)

    with pytest.raises(UnknownFact, match=r"no fact “limit\.en”"):
        write(article, make_text(source="Up to {{ facts.limit.en }}."), by=editor)


def test_a_fact_may_be_said_in_each_language(brand: Brand, editor: Agent) -> None:
    set_fact(brand=brand, key="limits.daily", value={"en": "ten", "zh-hans": "十"}, by=editor)
    make_published(brand, "limits", by=editor, text=QUOTING, languages=("en", "zh-hans"))

    assert Translation.objects.get(language="zh-hans").text == "Up to 十 a day."
    with pytest.raises(UnknownFact, match="isn't said in zh-hans"):
        set_fact(brand=brand, key="limits.daily", value={"en": "ten"}, by=editor)
    assert Fact.objects.get().value == {"en": "ten", "zh-hans": "十"}


def test_a_fact_that_is_quoted_stays_and_one_that_is_not_can_go_and_come_back(
    brand: Brand, editor: Agent
) -> None:
    fact = set_fact(brand=brand, key="limits.daily", value=10, by=editor)
    article = make_published(brand, "limits", by=editor, text=QUOTING)
    with pytest.raises(FactInUse):
        remove_fact(fact=fact, by=editor)

    publish(revision=write(article, make_text(), by=editor), by=editor)
    remove_fact(fact=fact, by=editor)
    assert not Fact.objects.exists()

    put_back_fact(revision=FactRevision.objects.latest("pk"), by=editor)
    assert Fact.objects.get().value == 10


@pytest.mark.parametrize(
    ("key", "said"), [("hours.en", "Taken away for good"), ("hours", "It can be put back")]
)
def test_whoever_takes_one_away_is_told_whether_it_can_come_back(
    brand: Brand, editor: Agent, key: str, said: str
) -> None:
    Fact.objects.create(brand=brand, key=key, value="nine to five")

    answer = browser_of(editor).post(f"/desk/articles/facts/of/{key}/removed/?brand={brand.pk}", follow=True)

    assert said in answer.content.decode()
    assert not Fact.objects.exists()


def test_one_that_can_come_back_no_more_is_told_why(brand: Brand, editor: Agent) -> None:
    fact = Fact.objects.create(brand=brand, key="hours.en", value="nine to five")
    remove_fact(fact=fact, by=editor)
    gone = FactRevision.objects.latest("pk")

    address = f"/desk/articles/facts/history/{gone.pk}/put-back/"
    answer = browser_of(editor).post(address, {"seen": gone.pk}, follow=True)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "A fact&#x27;s name doesn&#x27;t end with a language" in shown
    assert "published texts need it" not in shown
    assert not Fact.objects.exists()


def test_who_saw_an_older_value_is_told(brand: Brand, editor: Agent) -> None:
    set_fact(brand=brand, key="hours", value=9, by=editor)
    seen = FactRevision.objects.latest("pk").pk
    set_fact(brand=brand, key="hours", value=10, by=editor, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        set_fact(brand=brand, key="hours", value=11, by=editor, seen=seen)
    assert Fact.objects.get().value == 10


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Hours", 1),
        ("a..b", 1),
        ("hours ", 1),
        ("hours.en", 1),
        ("en", 1),
        ("x" * 101, 1),
        ("hours", ""),
        ("hours", "{{ facts.other }}"),
        ("hours", "x" * 201),
        ("hours", True),
        ("hours", 1.5),
        ("hours", 2**60),
        ("hours", {"en": ""}),
    ],
)
def test_what_is_no_fact_is_refused(key: str, value: object, brand: Brand, editor: Agent) -> None:
    with pytest.raises(BadFact):
        set_fact(brand=brand, key=key, value=value, by=editor)
    assert not Fact.objects.exists()


def test_one_whose_name_ends_with_a_language_from_before_can_still_be_changed(
    brand: Brand, editor: Agent
) -> None:
    Fact.objects.create(brand=brand, key="fees.en", value=1)

    assert set_fact(brand=brand, key="fees.en", value=2, by=editor).value == 2


def test_a_writer_changes_no_fact(brand: Brand) -> None:
    with pytest.raises(Refused):
        set_fact(brand=brand, key="hours", value=1, by=make_editor(brand, Knowledge.WRITES))


def test_facts_of_another_brand_are_no_facts_here(brand: Brand, editor: Agent) -> None:
    Fact.objects.create(
        brand=Brand.objects.create(key="other", name="Other", prefix="QT"), key="hours", value=1
    )

    with pytest.raises(UnknownFact):
        write(make_article(brand, "a", by=editor), make_text(source="{{ facts.hours }}"), by=editor)


def test_texts_are_drawn_before_anybody_has_to_wait_for_it(
    brand: Brand, editor: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_fact(brand=brand, key="limits.daily", value=10, by=editor)
    make_published(brand, "limits", by=editor, text=QUOTING, languages=("en", "zh-hans"))
    inside: list[int] = []
    monkeypatch.setattr(drawing, "draw", _noting(inside))

    with transaction.atomic():
        depth = len(connection.savepoint_ids)
        set_fact(brand=brand, key="limits.daily", value=25, by=editor)

    assert [one > depth for one in inside] == [False, False]
    assert Translation.objects.filter(text="Up to 25 a day.").count() == 2


def _noting(depths: list[int]) -> Callable[..., Drawn]:
    def noted(*args: Any, **kwargs: Any) -> Drawn:
        depths.append(len(connection.savepoint_ids))
        return draw(*args, **kwargs)

    return noted


def test_what_was_drawn_too_early_is_drawn_again(brand: Brand, editor: Agent) -> None:
    set_fact(brand=brand, key="limits.daily", value=10, by=editor)
    article = make_published(brand, "limits", by=editor, text=QUOTING)
    early = Drawings(Surroundings.of(brand))
    showing.draw_ready(article.translations.all(), drawings=early)
    Fact.objects.filter(key="limits.daily").update(value=11)

    with transaction.atomic():
        showing.draw_anew(article.translations.all(), brand=brand, actor=editor.actor, ready=early)

    assert Translation.objects.get(language="en").text == "Up to 11 a day."
