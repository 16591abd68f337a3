"""Pages of shelves that each test fills for itself: with nothing, with one article, and with many."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kefu.brands.models import Brand
from kefu.helpcentre.pack import MOST
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.test_pages import PATHS


@pytest.mark.slow
def test_every_page_costs_the_same_queries_for_one_article_and_for_twenty(
    shelf: Shelf, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked: dict[str, list[int]] = {path: [] for path in PATHS}
    for articles in (1, 20):
        for number in range(articles):
            shelf.put("first" if number == 0 else f"first-{number}", number=number + 1)
        shelf.bring_in()
        for path, counts in asked.items():
            with django_assert_max_num_queries(8) as queries:
                assert client.get(path.format(language="zh-hans")).status_code == 200
            counts.append(len(queries))

    assert {path for path, (one, twenty) in asked.items() if one != twenty} == set()


def test_an_empty_house_says_so_and_sends_people_to_people(brand: Brand, client: Client) -> None:
    page = client.get("/zh-hans/").content.decode()

    assert "这里还没有文章" in page
    assert "/zh-hans/chat/" in page


def test_a_feed_of_nothing_is_a_feed(brand: Brand, client: Client) -> None:
    assert ElementTree.fromstring(client.get("/en/feed.xml").content).tag.endswith("feed")  # noqa: S314 - our own
    assert ElementTree.fromstring(client.get("/sitemap.xml").content).tag.endswith("sitemapindex")  # noqa: S314 - our own


def test_what_an_article_quotes_stays_as_it_is_written(shelf: Shelf, client: Client) -> None:
    quoted = '<a id="top" href="#top"> <h2 id="x"> <a href="/en/articles/second/"> <img alt="a">'
    shelf.put("first", text=f"Say `{quoted}` so:\n\n```\n{quoted}\n```\n\n[Up](#part)\n\n## Part {{#part}}\n")
    shelf.bring_in()

    page = html5lib.parse(client.get("/en/offline/").content.decode(), namespaceHTMLElements=False)

    assert [("".join(one.itertext())).strip() for one in page.iter("code")] == [quoted, quoted]
    assert [one.attrib["href"] for one in page.iter("a") if one.text == "Up"] == ["#first--s-part"]


@pytest.mark.slow
def test_no_more_than_twenty_and_the_lowest_numbers_first(shelf: Shelf, client: Client) -> None:
    for number in range(MOST + 3, 0, -1):
        shelf.put(f"one-{number}", number=number)
    shelf.bring_in()

    anchors = re.findall(r'<h2 id="(one-\d+)">', client.get("/en/offline/").content.decode())

    assert anchors == [f"one-{number}" for number in range(1, MOST + 1)]


def test_without_articles_it_says_so(brand: Brand, client: Client) -> None:
    assert "There are no articles yet." in client.get("/en/offline/").content.decode()
