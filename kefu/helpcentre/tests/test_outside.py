"""How the help centre is found from outside: addresses for the world, maps, feeds, and data for search engines."""

from __future__ import annotations

import json
import re
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Translation
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf, shelf_filled_by

HOST = "https://help.xinghai.example"
MAP = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')


def _fill(shelf: Shelf) -> None:
    shelf.brand.hosts = ["help.xinghai.example", "testserver"]
    shelf.brand.save(update_fields=["hosts"])
    shelf.put("first", title="</script><b>第一</b> & 篇")
    shelf.put("second", number=2)
    shelf.put("secret", number=3, audience="staff")
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


def xml(text: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def data_of(client: Client, path: str) -> dict[str, dict[str, object]]:
    found = [json.loads(one) for one in DATA.findall(text_of(client, path))]
    return {one["@type"]: one for one in found}


@pytest.mark.parametrize("path", ["", "topics/deposits/", "articles/first/", "contact/"])
def test_a_page_names_its_own_address_and_those_in_other_languages(
    path: str, filled: Shelf, client: Client
) -> None:
    page = text_of(client, f"/zh-hant/{path}")

    assert dict(ALTERNATE.findall(page)) == {
        "zh-Hans": f"{HOST}/zh-hans/{path}",
        "zh-Hant": f"{HOST}/zh-hant/{path}",
        "en": f"{HOST}/en/{path}",
        "x-default": f"{HOST}/zh-hans/{path}",
    }
    assert CANONICAL.findall(page) == [f"{HOST}/zh-hant/{path}"]


def test_an_article_names_only_the_languages_that_it_is_there_in(filled: Shelf, client: Client) -> None:
    Translation.objects.filter(article__slug="first", language="en").update(published=None)

    page = text_of(client, "/zh-hant/articles/first/")

    assert set(dict(ALTERNATE.findall(page))) == {"zh-Hans", "zh-Hant", "x-default"}
    assert 'href="/en/topics/deposits/" lang="en"' in page
    assert "/en/articles/first/" not in page


def test_an_article_tells_search_engines_what_it_is(filled: Shelf, client: Client) -> None:
    found = data_of(client, "/en/articles/first/")

    article, way = found["Article"], found["BreadcrumbList"]
    assert article["headline"] == "</script><b>第一</b> & 篇 en"
    assert article["inLanguage"] == "en"
    assert article["mainEntityOfPage"] == f"{HOST}/en/articles/first/"
    assert [step["position"] for step in way["itemListElement"]] == [1, 2, 3]  # type: ignore[attr-defined]
    assert [step["item"] for step in way["itemListElement"]] == [  # type: ignore[attr-defined]
        f"{HOST}/en/",
        f"{HOST}/en/topics/deposits/",
        f"{HOST}/en/articles/first/",
    ]


def test_a_shelf_is_a_page_of_questions_and_short_answers(filled: Shelf, client: Client) -> None:
    found = data_of(client, "/zh-hans/topics/deposits/")

    questions = found["FAQPage"]["mainEntity"]
    assert [one["name"] for one in questions] == ["</script><b>第一</b> & 篇 zh-hans", "second zh-hans"]  # type: ignore[attr-defined]
    assert questions[1]["acceptedAnswer"]["text"] == "second zh-hans: 九点"  # type: ignore[index]
    assert "FAQPage" not in data_of(client, "/zh-hans/topics/empty/")


def test_no_title_ends_the_data_block(filled: Shelf, client: Client) -> None:
    page = text_of(client, "/en/articles/first/")

    assert all("<" not in one and "&" not in one for one in DATA.findall(page))


@pytest.mark.slow
def test_the_site_maps_list_every_public_page_in_every_language(filled: Shelf, client: Client) -> None:
    index = xml(text_of(client, "/sitemap.xml"))
    maps = [loc.text or "" for loc in index.iterfind("map:sitemap/map:loc", MAP)]
    assert maps == [f"{HOST}/{language}/sitemap.xml" for language in LANGUAGES]
    assert all(loc.text for loc in index.iterfind("map:sitemap/map:lastmod", MAP))

    for language in LANGUAGES:
        found = xml(text_of(client, f"/{language}/sitemap.xml"))
        pages = [loc.text or "" for loc in found.iterfind("map:url/map:loc", MAP)]
        assert pages == [
            f"{HOST}/{language}/{path}"
            for path in (
                "",
                "contact/",
                "offline/",
                "topics/deposits/",
                "articles/first/",
                "articles/second/",
            )
        ]
        for page in pages:
            assert client.get(page.removeprefix(HOST)).status_code == 200
        assert len(list(found.iterfind("map:url/xhtml:link", MAP))) == 3 * len(pages)
        changed = [at.text or "" for at in found.iterfind("map:url/map:lastmod", MAP)]
        assert len(changed) == 5
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d", at) for at in changed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_has_the_latest_articles_first(language: str, filled: Shelf, client: Client) -> None:
    answer = client.get(f"/{language}/feed.xml")
    feed = xml(answer.content)

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    links = [one.attrib["href"] for one in feed.iterfind("atom:entry/atom:link", ATOM)]
    assert links == [f"{HOST}/{language}/articles/second/", f"{HOST}/{language}/articles/first/"]
    assert len([one for one in feed.iterfind("atom:entry/atom:updated", ATOM) if one.text]) == 2


def ids_of(client: Client, language: str) -> list[str]:
    return [
        one.text or ""
        for one in xml(client.get(f"/{language}/feed.xml").content).iter(f"{{{ATOM['atom']}}}id")
    ]


def test_an_id_in_a_feed_outlives_the_address_and_the_host(
    filled: Shelf, brand: Brand, client: Client
) -> None:
    before = ids_of(client, "en")

    Article.objects.filter(slug="first").update(slug="renamed")
    Brand.objects.filter(pk=brand.pk).update(
        hosts=["elsewhere.example", "testserver"], name="Other", key="other"
    )

    assert ids_of(client, "en") == before
    assert all(UUID(one).urn == one for one in before)
    every = [one for language in LANGUAGES for one in ids_of(client, language)]
    assert len(every) == len(set(every)) == 9


def test_robots_are_told_where_the_map_is_and_which_doors_are_none_of_theirs(
    filled: Shelf, client: Client
) -> None:
    lines = text_of(client, "/robots.txt").splitlines()

    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    assert {"Disallow: /desk/", "Disallow: /staff/", "Disallow: /*/cases/"} <= set(lines)
    assert "Disallow: /" not in lines


def test_language_models_find_each_article_and_no_secret_one(filled: Shelf, client: Client) -> None:
    text = text_of(client, "/llms.txt")

    for language in LANGUAGES:
        assert f"]({HOST}/{language}/articles/second/): second {language}" in text
    assert "secret" not in text


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/sitemap.xml", "/llms.txt", "/en/feed.xml", "/en/sitemap.xml", "/en/"]
)
def test_no_host_that_is_asked_for_gets_into_what_others_read(
    path: str, filled: Shelf, client: Client
) -> None:
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400
    assert "localhost" not in client.get(path, headers={"host": "localhost"}).content.decode()


def test_the_list_of_site_maps_reads_no_text_of_an_article(filled: Shelf, client: Client) -> None:
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as asked:
        client.get("/sitemap.xml")

    of_texts = [query["sql"] for query in asked if "helpcentre_translation" in query["sql"]]
    assert len(of_texts) == len(LANGUAGES)
    assert not any('"html"' in sql or '"source"' in sql or '"text"' in sql for sql in of_texts)
