from __future__ import annotations

import re

import html5lib
import pytest
from django.conf import settings
from django.test import Client

from kefu.brands.models import Brand
from kefu.helpcentre.importer import import_articles
from kefu.helpcentre.templatetags.helpcentre import in_clauses
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf, shelf_filled_by
from kefu.journal.actor import SYSTEM

PATHS = [
    "/{language}/",
    "/{language}/topics/deposits/",
    "/{language}/articles/first/",
    "/{language}/search/?q=first",
    "/{language}/search/?q=咖啡豆子",
    "/{language}/search/",
    "/{language}/search/instant/?q=first",
]


def _fill(shelf: Shelf) -> None:
    shelf.put("first", text="Lead.\n\n## Part {#part}\n\nMore **words**.\n")
    shelf.put("second", number=2)
    shelf.put("secret", number=3, audience="staff")
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_the_same_for_two_visitors_and_may_be_kept(
    path: str, language: str, filled: Shelf
) -> None:
    first = Client(headers={"accept-language": "en", "user-agent": "Old phone"})
    second = Client(headers={"accept-language": "zh-TW", "user-agent": "New laptop"})
    second.cookies["kefu_customer"] = "somebody"
    second.cookies["kefu_staff"] = "a-session-that-is-none"

    one, other = first.get(path.format(language=language)), second.get(path.format(language=language))

    assert one.status_code == 200
    assert one.content == other.content
    for response in (one, other):
        assert response["Cache-Control"] == "public, no-cache"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert b"csrf" not in response.content


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_kept_page_is_asked_for_again_and_sent_only_when_it_is_another(
    path: str, filled: Shelf, client: Client
) -> None:
    address = path.format(language="en")
    tag = client.get(address)["ETag"]

    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    filled.put("first", title="First of all", text="Lead.\n")
    filled.bring_in()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_the_front_page_shows_shelves_that_have_something_to_read(filled: Shelf, client: Client) -> None:
    page = client.get("/zh-hant/").content.decode()

    assert "加值與提領" in page
    assert "空的" not in page
    assert "second zh-hant" in page
    assert "secret zh-hant" not in page


def test_an_article_says_who_wrote_it_when_and_how_long_it_takes(filled: Shelf, client: Client) -> None:
    page = client.get("/zh-hans/articles/first/").content.decode()

    assert "充提团队撰写" in page
    assert '<time datetime="2026-11-24">2026年11月24日</time>复核' in page
    assert "1 分钟读完" in page
    assert '<a href="#s-part">Part</a>' in page
    assert "second zh-hans" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_names_itself_and_its_other_languages(
    language: str, filled: Shelf, client: Client
) -> None:
    page = client.get(f"/{language}/articles/first/").content.decode()

    assert f'<link rel="canonical" href="{settings.PUBLIC_ORIGIN}/{language}/articles/first/">' in page
    for other, tag in (("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")):
        address = f"{settings.PUBLIC_ORIGIN}/{other}/articles/first/"
        assert f'<link rel="alternate" hreflang="{tag}" href="{address}">' in page


@pytest.mark.parametrize("path", PATHS[:-1])
def test_a_human_is_one_tap_away_from_every_page(path: str, filled: Shelf, client: Client) -> None:
    page = client.get(path.format(language="en")).content.decode()

    assert 'href="/en/chat/' in page
    assert 'href="/en/contact/"' in page


def test_the_way_from_an_article_to_the_chat_leads_to_its_topic_and_brings_the_article(
    filled: Shelf, client: Client
) -> None:
    page = client.get("/en/articles/first/").content.decode()

    assert 'href="/en/chat/?topic=account&amp;read=article%3Afirst"' in page


@pytest.mark.parametrize("path", ["/en/articles/secret/", "/en/articles/nowhere/", "/en/topics/nowhere/"])
def test_what_is_not_for_customers_is_not_there(path: str, filled: Shelf, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_search_never_shows_what_is_for_staff(filled: Shelf, client: Client) -> None:
    assert "secret" not in client.get("/en/search/instant/?q=secret").content.decode()


@pytest.mark.slow
def test_another_brands_articles_are_not_there(filled: Shelf, client: Client) -> None:
    other = Brand.objects.create(
        key="north", name="North", prefix="NB", hosts=["localhost"], languages=list(LANGUAGES)
    )

    assert client.get("/en/articles/first/", headers={"host": "localhost"}).status_code == 404
    assert "/articles/" not in client.get("/en/", headers={"host": "localhost"}).content.decode()
    import_articles(filled.folder, brand=other, by=SYSTEM)
    assert client.get("/en/articles/first/", headers={"host": "localhost"}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "提" * 500],
)
def test_a_query_is_shown_as_text(query: str, filled: Shelf, client: Client) -> None:
    response = client.get("/en/search/", {"q": query})

    page = html5lib.parse(response.content.decode(), treebuilder="etree", namespaceHTMLElements=False)
    assert response.status_code == 200
    assert not [one for one in page.iter() if one.tag == "script" and one.get("src") is None]
    assert not [one for one in page.iter() if one.tag == "img"]


def test_results_mark_what_matches(filled: Shelf, client: Client) -> None:
    page = client.get("/en/search/?q=words").content.decode()

    assert "<mark>words</mark>" in page


def test_instant_results_are_titles_in_parts(filled: Shelf, client: Client) -> None:
    hits = client.get("/zh-hans/search/instant/?q=second").json()["hits"]

    assert hits == [
        {
            "path": "/zh-hans/articles/second/",
            "label": "充值与提现",
            "title": [["second", True], [" zh-hans", False]],
        }
    ]


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_only_read(path: str, filled: Shelf, client: Client) -> None:
    assert client.post(path.format(language="en")).status_code == 405


@pytest.mark.parametrize(
    ("title", "clauses"),
    [
        ("不满意处理结果：投诉与复核", ["不满意处理结果：", "投诉与复核"]),
        ("官方管道與服務時間（依你的時區）", ["官方管道與服務時間", "（依你的時區）"]),
        ("怎样确认「客服」是真的？", ["怎样确认", "「客服」是真的？"]),
        ("Open an account: email, phone <b>", []),
        ("？？", ["？", "？"]),
    ],
)
def test_a_chinese_title_is_broken_between_its_clauses(title: str, clauses: list[str]) -> None:
    drawn = str(in_clauses(title))

    assert re.findall(r'<span class="clause">(.*?)</span>', drawn) == clauses
    assert re.sub(r"</?span[^>]*>", "", drawn) == title
