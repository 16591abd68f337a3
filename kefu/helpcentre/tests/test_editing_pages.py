"""The editors' pages: what is typed is kept, two at once are told, lists cost the same, and staff's own stays with staff."""

from __future__ import annotations

from datetime import date

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kefu.accounts.models import Agent, Knowledge
from kefu.accounts.tests.factories import make_agent, make_team
from kefu.accounts.tests.settings_pages import browser_of, fields_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import archive, publish, set_fact
from kefu.helpcentre.markdown import LONGEST
from kefu.helpcentre.models import Article, Audience, Revision, Size, State
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import (
    make_article,
    make_editor,
    make_published,
    make_shelf,
    make_text,
    of,
    write,
)
from kefu.search.actions import reindex

LIST = "/desk/articles/"


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def client(editor: Agent) -> Client:
    return browser_of(editor)


@pytest.fixture
def article(brand: Brand, editor: Agent) -> Article:
    return make_published(brand, "deposit", by=editor)


def page_of(article: Article, language: str = "en") -> str:
    return f"{LIST}{article.pk}/{language}/"


def typed(client: Client, article: Article, language: str = "en", **more: str) -> dict[str, object]:
    """What the editor's page would send as it stands, but for what is said otherwise."""
    answer = client.get(page_of(article, language))
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    form = next(one for one in page.iter("form") if "data-editor" in one.attrib)
    found: dict[str, object] = {}
    for node in form.iter():
        name = node.attrib.get("name")
        if name and node.tag == "textarea":
            found[name] = (node.text or "").removeprefix("\n")
        elif name and node.tag == "input" and node.attrib.get("type") != "checkbox":
            found[name] = node.attrib.get("value", "")
    return found | more


def test_an_article_is_made_written_reviewed_and_published(brand: Brand, client: Client) -> None:
    shelf = make_shelf(brand)
    frame = {
        "slug": "new-one",
        "category": shelf.pk,
        "audience": "public",
        "review_on": "2031-01-01",
        "owners-zh-hans": "我们",
    }
    made = client.post(f"{LIST}new/", frame)
    article = Article.objects.get(slug="new-one")
    assert made["Location"] == page_of(article, "zh-hans")

    text = typed(
        client, article, "zh-hans", title="新的", summary="一句。", synonyms="一\n二\n三", source="第一段。"
    )
    client.post(page_of(article, "zh-hans"), text | {"do": "review"})
    revision = Revision.objects.get()
    assert revision.state == State.REVIEW
    publishing = f"{page_of(article, 'zh-hans')}revisions/1/publish/"
    assert client.get(publishing).status_code == 200
    done = client.post(publishing, {"size": "major", "when": "now"})

    assert done["Location"] == f"{LIST}{article.pk}/"
    assert "第一段" in Client().get("/zh-hans/articles/new-one/").content.decode()
    assert "Published" in client.get(f"{LIST}{article.pk}/").content.decode()


def test_who_publishes_is_shown_who_reads_it_and_is_told_when_that_changed_meanwhile(
    brand: Brand, client: Client, editor: Agent
) -> None:
    article = make_article(brand, "inside", by=editor, audience=Audience.STAFF)
    write(article, make_text(), by=editor)
    publishing = f"{page_of(article)}revisions/1/publish/"
    page = client.get(publishing).content.decode()
    assert "<dt>Who reads it</dt><dd>Staff only</dd>" in page
    assert '<input type="hidden" name="audience" value="staff">' in page
    Article.objects.update(audience=Audience.PUBLIC)

    answer = client.post(publishing, {"size": "major", "when": "now", "audience": "staff"})

    assert answer.status_code == 422
    assert "Meanwhile somebody changed who reads it." in answer.content.decode()
    assert Revision.objects.get().state == State.DRAFT


def test_a_writer_is_told_why_an_archived_article_stays_with_staff(
    brand: Brand, client: Client, editor: Agent
) -> None:
    article = make_published(brand, "inside", by=editor, audience=Audience.STAFF)
    archive(article=article, by=editor)
    assert "Who reads it: <b>Staff only</b>" in client.get(f"{LIST}{article.pk}/").content.decode()
    writer = browser_of(make_editor(brand, Knowledge.WRITES, "作者"))
    address = f"{LIST}{article.pk}/frame/"
    form = fields_of(writer.get(address), address) | {"audience": ["public"]}

    answer = writer.post(address, form)

    assert answer.status_code == 422
    assert "only who may publish changes its address and who reads it" in answer.content.decode()
    assert Article.objects.get().audience == Audience.STAFF


def test_who_saves_second_is_told_who_saved_what_and_keeps_what_was_typed(
    brand: Brand, client: Client, editor: Agent, article: Article
) -> None:
    other = browser_of(make_editor(brand, name="陈柏宇 Brian"))
    mine = typed(client, article, source="Mine.", title="My title")
    theirs = typed(other, article, source="Theirs.")
    other.post(page_of(article), theirs | {"do": "save"})

    answer = client.post(page_of(article), mine | {"do": "save"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈柏宇 Brian saved revision 2" in page
    assert "Mine." in page
    assert "<del>Theirs</del><ins>Mine</ins>" in page
    assert 'value="My title"' in page
    assert 'name="based_on" value="2"' in page
    assert of(article).newest.source == "Theirs.\n"
    on_top = client.post(page_of(article), mine | {"based_on": "2", "do": "save"})
    assert on_top.status_code == 302
    assert list(of(article).revisions.values_list("source", flat=True)[:2]) == ["Mine.\n", "Theirs.\n"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "", "Give it a title"),
        ("title", "x" * 121, "120 characters at most"),
        ("summary", "x" * 301, "300 characters at most"),
        ("source", "One.\n\n{{ facts.nowhere }}", "Line 3: There is no fact “nowhere”."),
        ("source", "# Title", "levels ## and ###"),
        ("source", "[x](http://plain.example)", "A link goes to"),
        ("source", "::: care\nno end", "no “:::” at its end"),
        ("source", "![x](https://tracker.example/a.png)", "upload it here"),
        ("note", "x" * 301, "300 characters at most"),
    ],
)
def test_what_cannot_be_saved_is_said_and_all_that_was_typed_stays(
    field: str, value: str, says: str, client: Client, article: Article
) -> None:
    before = Revision.objects.count()
    form = typed(client, article, title="My title", source="My text.") | {field: value, "do": "save"}

    answer = client.post(page_of(article), form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "My title" in page or field == "title"
    assert Revision.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"), [("summary", ""), ("synonyms", "one\ntwo\none"), ("source", "  ")]
)
def test_what_readers_need_is_asked_for_before_review(
    field: str, value: str, client: Client, article: Article
) -> None:
    form = typed(client, article) | {field: value}

    assert client.post(page_of(article), form | {"do": "review"}).status_code == 422
    assert client.post(page_of(article), form | {"do": "save"}).status_code == 302


def test_the_preview_is_drawn_by_the_pages_own_renderer_and_keeps_nothing(
    brand: Brand, client: Client, editor: Agent, article: Article
) -> None:
    set_fact(brand=brand, key="hours", value=9, by=editor)
    before = Revision.objects.count()

    form = typed(client, article, source="::: care\n**Stop** at {{ facts.hours }}.\n:::")
    answer = client.post(f"{page_of(article)}preview/", form)
    bad = client.post(f"{page_of(article)}preview/", form | {"source": "a\n\n{{ facts.no }}"})

    assert '<div class="callout care">' in answer.content.decode()
    assert "<strong>Stop</strong> at 9." in answer.content.decode()
    assert bad.status_code == 422
    assert 'data-line="3"' in bad.content.decode()
    assert Revision.objects.count() == before


def test_the_text_may_be_as_long_as_the_renderer_takes(client: Client, article: Article) -> None:
    assert f'maxlength="{LONGEST}"' in client.get(page_of(article)).content.decode()


def test_a_translation_is_told_what_changed_in_the_source_unless_it_was_a_typo(
    brand: Brand, client: Client, editor: Agent
) -> None:
    article = make_published(
        brand, "deposit", by=editor, languages=("zh-hans",), text=make_text("充值", "等十分钟。")
    )
    publish(revision=write(article, make_text("Deposit", "Wait ten."), by=editor, of_source=1), by=editor)
    publish(
        revision=write(article, make_text("充值", "等十分钟！"), by=editor, language="zh-hans"),
        by=editor,
        size=Size.TYPO,
    )
    assert "Source changed" not in client.get(LIST).content.decode()

    publish(
        revision=write(article, make_text("充值", "等五分钟！"), by=editor, language="zh-hans"),
        by=editor,
        size=Size.MAJOR,
    )
    page = client.get(page_of(article)).content.decode()
    assert "Source changed: Major" in client.get(LIST).content.decode()
    assert "<del>十</del><ins>五</ins>" in page

    form = typed(client, article, source="Wait five.")
    client.post(page_of(article), form | {"do": "save"})
    assert "Source changed: Major" in client.get(page_of(article)).content.decode()
    client.post(page_of(article), typed(client, article) | {"answers": "3", "note": "follows", "do": "save"})
    assert "Source changed" not in client.get(page_of(article)).content.decode()


def test_a_text_is_scheduled_in_the_editors_own_zone(client: Client, editor: Agent, article: Article) -> None:
    write(article, make_text("Later"), by=editor)
    publishing = f"{page_of(article)}revisions/2/publish/"

    bad = client.post(publishing, {"size": "medium", "when": "later", "at": "tomorrow"})
    past = client.post(publishing, {"size": "medium", "when": "later", "at": "2020-01-01T09:00"})
    client.post(publishing, {"size": "medium", "when": "later", "at": "2036-01-01T09:00"})

    assert (bad.status_code, past.status_code) == (422, 422)
    revision = of(article).revisions.get(number=2)
    assert revision.state == State.SCHEDULED
    assert revision.publish_at.isoformat() == "2036-01-01T01:00:00+00:00"
    assert "published by itself" in client.get(page_of(article)).content.decode()


def test_the_list_is_narrowed(brand: Brand, client: Client, editor: Agent, article: Article) -> None:
    draft = make_article(brand, "withdrawal", by=editor, owner=editor, review_on=date(2020, 1, 1))
    write(draft, make_text("Where is my withdrawal"), by=editor)
    old = make_published(brand, "old", by=editor, review_on=date(2020, 1, 1))

    def found(query: str) -> set[str]:
        page = client.get(f"{LIST}?{query}").content.decode()
        return {one.slug for one in (article, draft, old) if f'href="{LIST}{one.pk}/"' in page}

    assert found("") == {"deposit", "withdrawal", "old"}
    assert found("q=my+with") == {"withdrawal"}
    assert found("state=draft") == {"withdrawal"}
    assert found("state=published&language=en") == {"deposit", "old"}
    assert found("state=published&language=zh-hant") == set()
    assert found(f"owner={editor.pk}") == {"withdrawal"}
    assert found("overdue=yes") == {"old"}
    assert found("state=nonsense&category=x&after=x") == {"deposit", "withdrawal", "old"}
    assert "No article is like this" in client.get(f"{LIST}?q=zzz").content.decode()


@pytest.mark.slow
def test_lists_ask_as_often_for_twenty_rows_as_for_two(brand: Brand, client: Client, editor: Agent) -> None:
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            make_published(brand, f"a-{number}", by=editor, owner=editor, languages=("zh-hans", "en"))
            set_fact(brand=brand, key=f"f{number}", value=number, by=editor)
        article = Article.objects.get(slug="a-0")
        for number in range(first, last):
            write(article, make_text(f"Title {number}"), by=editor)

    fill(0, 2)
    article = Article.objects.get(slug="a-0")
    pages = (
        LIST,
        f"{LIST}facts/",
        f"{LIST}facts/history/",
        f"{page_of(article)}revisions/",
        f"{LIST}addresses/",
        f"{LIST}pictures/",
        f"{LIST}{article.pk}/",
    )
    few = [queries_of(client, page) for page in pages]
    fill(2, 20)

    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 16


def queries_of(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_staff_read_and_find_what_customers_never_do(brand: Brand, editor: Agent) -> None:
    text = make_text("Inside knowledge", "Only for us.")
    make_published(brand, "inside", by=editor, audience=Audience.STAFF, text=text)
    reindex(source=ARTICLES)
    colleague = browser_of(make_agent(teams=[make_team(brand)]))

    assert "Only for us." in colleague.get("/desk/reading/inside/").content.decode()
    assert "Inside knowledge" in colleague.get("/desk/reading/").content.decode()
    assert "/desk/reading/inside/" in colleague.get("/desk/reading/?q=inside").content.decode()
    for address in (
        "/en/",
        "/en/articles/inside/",
        "/en/topics/deposits/",
        "/en/search/?q=inside",
        "/en/search/instant/?q=inside",
        "/zh-hans/articles/inside/",
    ):
        assert "Inside knowledge" not in Client().get(address).content.decode(), address
    assert Client().get("/desk/reading/inside/").status_code == 302
    assert colleague.get(LIST).status_code == 403


def test_an_editor_of_another_brand_finds_nothing_here(brand: Brand, article: Article) -> None:
    other = Brand.objects.create(key="other", name="Other", prefix="QT", languages=["en"])
    stranger = browser_of(make_editor(other))

    assert stranger.get(page_of(article)).status_code == 404
    assert stranger.get(f"{LIST}?brand={brand.pk}").status_code == 404
    assert "deposit" not in stranger.get(LIST).content.decode()


@pytest.mark.slow
def test_a_frame_that_is_wrong_is_told_field_by_field(client: Client, article: Article, brand: Brand) -> None:
    make_published(brand, "taken", by=make_editor(brand))
    page = f"{LIST}{article.pk}/frame/"
    form = fields_of(client.get(page), page)

    for field, value in (
        ("slug", "Bad Slug"),
        ("slug", "taken"),
        ("category", "0"),
        ("audience", "x"),
        ("review_on", "soon"),
        ("owners-zh-hans", ""),
        ("number", "1002"),
        ("issue_type", "nothing"),
    ):
        answer = client.post(page, form | {field: value})
        assert answer.status_code == 422, (field, value)
        assert 'aria-invalid="true"' in answer.content.decode() or "problem" in answer.content.decode()
    assert client.post(page, form | {"slug": "renamed"}).status_code == 302
    assert client.post(page, form | {"slug": "again"}).status_code == 409


def test_a_writer_is_offered_review_and_not_publishing(brand: Brand, article: Article) -> None:
    writer = browser_of(make_editor(brand, Knowledge.WRITES))

    page = writer.get(page_of(article)).content.decode()

    assert 'value="review"' in page
    assert 'value="publish"' not in page
    assert writer.get(f"{page_of(article)}revisions/1/publish/").status_code == 403


def test_numbers_and_languages_that_are_none_are_not_found(client: Client, article: Article) -> None:
    for address in (
        f"{LIST}999999/",
        page_of(article, "fr"),
        f"{page_of(article)}revisions/9/",
        f"{LIST}facts/of/no/",
    ):
        assert client.get(address).status_code == 404, address
