from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_agent, make_team
from kefu.accounts.tests.settings_pages import browser_of, fields_of
from kefu.brands.models import Brand
from kefu.helpcentre import drawing
from kefu.helpcentre.actions import (
    BadPath,
    PathTaken,
    SlugTaken,
    add_old_address,
    archive,
    change_frame,
    publish,
    say_it_is_right,
    schedule,
)
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.markdown import BadMarkdown
from kefu.helpcentre.models import Article, ArticleRevision, Audience, Translation
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, make_text, of, write
from kefu.helpcentre.verbs import framing
from kefu.search.actions import reindex
from kefu.search.find import find


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


def rename(article: Article, slug: str, by: Agent) -> None:
    article.refresh_from_db()
    change_frame(article=article, frame=replace(Frame.of(article), slug=slug), by=by)


def test_a_link_survives_a_rename_and_the_old_address_leads_on(brand: Brand, editor: Agent) -> None:
    target = make_published(brand, "old-name", by=editor)
    linking = make_published(
        brand, "linking", by=editor, text=make_text("Linking", "See [it](article:old-name).")
    )

    rename(target, "new-name", editor)
    rename(target, "newest-name", editor)

    assert 'href="/en/articles/newest-name/"' in of(linking).html
    for old in ("old-name", "new-name"):
        answer = Client().get(f"/en/articles/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/en/articles/newest-name/")
    draft = write(linking, make_text("Linking", "Again [it](article:old-name)."), by=editor)
    publish(revision=draft, by=editor)
    assert 'href="/en/articles/newest-name/"' in of(linking).html


def test_what_links_to_an_article_that_is_renamed_is_drawn_before_anybody_waits(
    brand: Brand, editor: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make_published(brand, "old-name", by=editor)
    rename(target, "middle-name", editor)
    for number in range(3):
        text = make_text(f"L{number}", "See [it](article:old-name) or [it](article:middle-name).")
        make_published(brand, f"linking-{number}", by=editor, text=text)
    locks: list[int] = []
    drawn: list[int] = []
    real_lock, real_draw = framing.lock_brand, drawing.draw
    monkeypatch.setattr(framing, "lock_brand", lambda pk: locks.append(pk) or real_lock(pk))

    def draw(*args: Any, **more: Any) -> Any:
        drawn.append(len(locks))
        return real_draw(*args, **more)

    monkeypatch.setattr(drawing, "draw", draw)

    rename(target, "new-name", editor)

    # Under the lock only the article itself is drawn.
    assert drawn == [0, 0, 0, 1]
    assert of(Article.objects.get(slug="linking-2")).html.count("/en/articles/new-name/") == 2


def test_an_article_may_take_back_a_name_of_its_own_and_no_other_may(brand: Brand, editor: Agent) -> None:
    article, other = make_published(brand, "one", by=editor), make_published(brand, "two", by=editor)
    rename(article, "changed", editor)

    with pytest.raises(SlugTaken):
        rename(other, "one", editor)
    with pytest.raises(SlugTaken):
        make_article(brand, "one", by=editor)
    rename(article, "one", editor)

    assert Client().get("/en/articles/one/").status_code == 200
    assert Client().get("/en/articles/changed/")["Location"] == "/en/articles/one/"


def test_a_name_that_is_kept_as_a_former_one_already_hinders_no_renaming(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "one", by=editor)
    article.former_slugs.create(brand=brand, slug="one")

    rename(article, "changed", editor)

    assert Client().get("/en/articles/one/")["Location"] == "/en/articles/changed/"


def test_what_becomes_staffs_own_is_gone_for_customers_at_once(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "inside", by=editor)

    change_frame(article=article, frame=replace(Frame.of(article), audience=Audience.STAFF), by=editor)
    reindex(source=ARTICLES)

    assert Client().get("/en/articles/inside/").status_code == 404
    assert find("inside", brand=brand, language="en") == []
    [hit] = find("inside", brand=brand, language="en", audience="staff")
    assert hit.path == "/desk/reading/inside/"


def test_no_public_text_links_to_what_only_staff_may_read(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "inside", by=editor)
    make_published(brand, "linking", by=editor, text=make_text("L", "[it](article:inside)"))

    with pytest.raises(BadMarkdown, match="only staff"):
        change_frame(article=article, frame=replace(Frame.of(article), audience=Audience.STAFF), by=editor)

    assert Article.objects.get(slug="inside").audience == Audience.PUBLIC
    assert not ArticleRevision.objects.exists()


def test_staffs_own_may_link_to_both(brand: Brand, editor: Agent) -> None:
    make_published(brand, "public", by=editor)
    make_published(brand, "inside", by=editor, audience=Audience.STAFF)
    text = make_text("S", "[a](article:public) [b](article:inside)")
    article = make_published(brand, "more", by=editor, text=text, audience=Audience.STAFF)

    html = of(article).html

    assert 'href="/en/articles/public/"' in html
    assert 'href="/desk/reading/inside/"' in html


def test_a_writer_frames_what_nobody_reads_yet(brand: Brand, editor: Agent) -> None:
    writer = make_editor(brand, Knowledge.WRITES)
    draft, shown = make_article(brand, "draft", by=writer), make_published(brand, "shown", by=editor)

    rename(draft, "renamed", writer)
    with pytest.raises(Refused):
        rename(shown, "renamed-too", writer)


def scheduled(article: Article, editor: Agent) -> None:
    schedule(revision=write(article, make_text(), by=editor), at=now() + timedelta(hours=1), by=editor)


def archived(article: Article, editor: Agent) -> None:
    publish(revision=write(article, make_text(), by=editor), by=editor)
    archive(article=article, by=editor)


@pytest.mark.parametrize("bound", [scheduled, archived])
@pytest.mark.parametrize("change", [{"audience": Audience.PUBLIC}, {"slug": "elsewhere"}])
def test_who_may_not_publish_leaves_to_staff_what_comes_to_readers_later(
    brand: Brand, editor: Agent, bound: Callable[[Article, Agent], None], change: dict[str, str]
) -> None:
    writer = make_editor(brand, Knowledge.WRITES, "作者")
    article = make_article(brand, "inside", by=editor, audience=Audience.STAFF)
    bound(article, editor)

    with pytest.raises(Refused):
        change_frame(article=article, frame=replace(Frame.of(article), **change), by=writer)

    assert Article.objects.get() == article
    assert (Article.objects.get().audience, Article.objects.get().slug) == (Audience.STAFF, "inside")
    change_frame(article=article, frame=replace(Frame.of(article), review_on=date(2031, 1, 1)), by=writer)


def test_saying_that_it_is_right_moves_the_day_of_review_and_tells_readers(
    brand: Brand, editor: Agent
) -> None:
    article = make_published(brand, "old", by=editor, review_on=date(2020, 1, 1))
    assert list(Article.objects.overdue(date(2026, 1, 1))) == [article]

    say_it_is_right(article=article, review_on=date(2031, 1, 1), by=editor)

    assert not Article.objects.overdue(date(2026, 1, 1)).exists()
    assert Translation.objects.get(language="en").reviewed_on is not None


def test_an_old_address_leads_to_its_article(brand: Brand, editor: Agent) -> None:
    article = make_published(brand, "deposit", by=editor, languages=("en", "zh-hans"))
    add_old_address(article=article, path="https://old.example/hc/360001/?x=1", by=editor)
    add_old_address(article=article, path="/hc/zh/提现", language="zh-hans", by=editor)

    plain = Client().get("/hc/360001", headers={"Accept-Language": "en"})
    chinese = Client().get("/hc/zh/%E6%8F%90%E7%8E%B0/", headers={"Accept-Language": "en"})

    assert (plain.status_code, plain["Location"]) == (301, "/en/articles/deposit/")
    assert "Accept-Language" in plain["Vary"]
    assert chinese["Location"] == "/zh-hans/articles/deposit/"
    assert Client().get("/hc/360002").status_code == 404


def test_an_old_address_leads_to_one_article(brand: Brand, editor: Agent) -> None:
    one, two = make_published(brand, "one", by=editor), make_published(brand, "two", by=editor)
    add_old_address(article=one, path="/a", by=editor)

    with pytest.raises(PathTaken):
        add_old_address(article=two, path="/a/", by=editor)
    for bad in ("", "/", "relative", "/a b", "/" + "x" * 300, "http://[abc", "//a]b/", "/\x08"):
        with pytest.raises(BadPath):
            add_old_address(article=one, path=bad, by=editor)


@pytest.mark.parametrize("path", ["//[abc", "//a]b/", "/\0", "/%25", "/hc/?x"])
def test_a_strange_path_is_only_not_found(path: str, brand: Brand) -> None:
    # As the server hands it on, decoded.
    assert Client().get("/", PATH_INFO=path).status_code == 404


def test_an_article_that_readers_see_in_one_language_is_called_archived_only_in_the_others(
    brand: Brand, editor: Agent
) -> None:
    article = make_published(brand, "deposit", by=editor, languages=("en", "zh-hant"))
    client, address = browser_of(editor), f"/desk/articles/{article.pk}/"
    archive(article=article, by=editor)
    nowhere = client.get(address).content.decode()

    publish(revision=write(article, make_text("Again"), by=editor), by=editor)

    page = client.get(address).content.decode()
    (banner,) = [line for line in page.splitlines() if "banner care" in line]
    assert "Readers find it nowhere; every revision is kept" in nowhere
    assert "Readers find it nowhere; every revision is kept" not in page
    assert "繁體中文" in banner
    assert "English" not in banner
    assert f'action="{address}back/"' in banner


def test_only_who_may_write_can_be_reminded_and_who_has_stopped_is_shown_as_such(
    brand: Brand, editor: Agent
) -> None:
    article, client = make_published(brand, "deposit", by=editor), browser_of(editor)
    writer = make_editor(brand, Knowledge.WRITES, "写手 Wen")
    make_agent("只聊天 Chat", teams=[make_team(brand)])
    address = f"/desk/articles/{article.pk}/frame/"
    form = fields_of(client.get(address), address)

    page = client.get(address).content.decode()
    assert ("写手 Wen" in page, "只聊天 Chat" in page) == (True, False)
    client.post(address, form | {"owner": [str(writer.pk)]})
    Agent.objects.filter(pk=writer.pk).update(knowledge="")

    assert "写手 Wen (may not write articles any more)" in client.get(address).content.decode()
    assert "may not write articles any more" in client.get(f"/desk/articles/{article.pk}/").content.decode()
    form = fields_of(client.get(address), address)
    assert client.post(address, form | {"tool": ["deposit-not-here"]}).status_code == 302
    assert Article.objects.get(pk=article.pk).owner == writer


def test_a_frame_asks_as_often_whoever_else_works_here(
    brand: Brand, editor: Agent, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(editor)
    browser.get("/desk/articles/new/")
    with CaptureQueriesContext(connection) as alone:
        browser.get("/desk/articles/new/")
    team = make_team(brand)
    for knowledge in [Knowledge.NONE, Knowledge.WRITES, Knowledge.PUBLISHES] * 3:
        make_agent(f"何思恩 {knowledge}", teams=[team], knowledge=knowledge)

    with django_assert_max_num_queries(len(alone)):
        page = browser.get("/desk/articles/new/").content.decode()

    assert page.count("何思恩 writes") == page.count("何思恩 publishes") == 3
    assert "何思恩 <" not in page
