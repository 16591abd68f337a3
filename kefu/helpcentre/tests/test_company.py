"""Two editors at one text are told of each other while they type; a page that is gone is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.tests.settings_pages import browser_of
from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Presence
from kefu.helpcentre.tests.factories import make_editor, make_published, make_text, write
from kefu.helpcentre.verbs.presence import AWAY, LEASE

LONG = "Maximiliana Wolfeschlegelsteinhausenbergerdorff 阿不都热合曼"


@pytest.fixture
def grace(brand: Brand) -> Agent:
    return make_editor(brand, name="何思恩")


@pytest.fixture
def brian(brand: Brand) -> Agent:
    return make_editor(brand, Knowledge.WRITES, name=LONG)


@pytest.fixture
def article(brand: Brand, grace: Agent) -> Article:
    return make_published(brand, "deposit", by=grace, languages=("en", "zh-hans"))


def tell(client: Client, article: Article, *, language: str = "en", **more: str) -> str:
    said = {"based_on": "1", "changing": "no"} | more
    answer = client.post(f"/desk/articles/{article.pk}/{language}/company/", said)
    assert answer.status_code in {200, 204}
    return answer.content.decode().strip()


def test_each_sees_that_the_other_has_it_open_and_begins_to_change_it(
    article: Article, grace: Agent, brian: Agent
) -> None:
    first, second = browser_of(grace), browser_of(brian)
    assert tell(first, article) == ""
    assert "何思恩 has had this text open since" in tell(second, article)
    assert f"{LONG} has had this text open since" in tell(first, article)

    tell(second, article, changing="yes")

    assert f"{LONG} has been changing this text since" in tell(first, article)
    page = first.get(f"/desk/articles/{article.pk}/en/").content.decode()
    assert f"{LONG} has been changing this text since" in page
    assert tell(first, article, language="zh-hans") == ""


def test_since_when_stays_while_the_page_is_open_and_over_a_save(article: Article, brian: Agent) -> None:
    client, began = browser_of(brian), now()
    with time_machine.travel(began, tick=False) as clock:
        tell(client, article)
        clock.shift(timedelta(seconds=40))
        tell(client, article, changing="yes")
        clock.shift(timedelta(seconds=40))
        tell(client, article, changing="yes")
        clock.shift(timedelta(seconds=1))
        tell(client, article, leaving="yes")
        clock.shift(AWAY / 2)
        tell(client, article)

    one = Presence.objects.get()
    assert (one.came_at, one.changing_since) == (began, None)


def test_who_leaves_is_gone_in_seconds_and_a_page_that_fell_silent_ends_by_itself(
    article: Article, grace: Agent, brian: Agent
) -> None:
    first, second = browser_of(grace), browser_of(brian)
    with time_machine.travel(now(), tick=False) as clock:
        tell(first, article)
        tell(first, article, leaving="yes")
        clock.shift(AWAY)
        assert tell(second, article) == ""

        tell(first, article, changing="yes")
        clock.shift(LEASE)
        assert tell(second, article) == ""
    assert set(Presence.objects.values_list("agent", flat=True)) == {brian.pk}


def test_who_types_on_an_older_revision_is_told_what_was_saved_meanwhile(
    article: Article, grace: Agent, brian: Agent
) -> None:
    write(article, make_text("Another title"), by=brian)

    told = tell(browser_of(grace), article, changing="yes")

    assert f"{LONG} has saved revision 2 meanwhile." in told
    assert f"/desk/articles/{article.pk}/en/revisions/2/" in told
    assert "meanwhile" not in tell(browser_of(grace), article, based_on="2")


@pytest.mark.slow
def test_a_quiet_page_writes_seldom_and_twenty_colleagues_cost_what_one_does(
    brand: Brand, article: Article, grace: Agent
) -> None:
    client = browser_of(grace)
    tell(client, article)
    for number in range(20):
        tell(browser_of(make_editor(brand, name=f"同事 {number}")), article)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = tell(client, article)

    assert told.count("has had this text open") == 20
    assert not [one for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(asked) < 15


def test_bad_words_from_a_page_harm_nothing(article: Article, grace: Agent) -> None:
    assert tell(browser_of(grace), article, based_on="x" * 5_000, changing="perhaps") != "x"
    assert Presence.objects.get().changing_since is None
