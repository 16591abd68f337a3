"""Every page that customers can reach by links is valid HTML, and every link leads somewhere: found by following them all."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Category
from kefu.safety.models import OfficialWay

GOOD = {200, 301, 302}
# They load what browsers load; `a` alone would leave out a picture that isn't there.
ANCHOR = re.compile(r"<a\b[^>]*>")
# What stands in a template is filled when it is copied; its own test looks at where it leads then.
TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
FULL_HREF = re.compile(r'\shref="[^"#\s][^"]*"|\shref="#[^"]+"')
# Two for each article and language, which differ by the article's name.
NAME = re.compile(r"(?<=/articles/)[^/]+(?=/feedback/)")
# Where nobody may miss a page, with something found.
FIXED = ("", "search/?q=USDT", "contact/", "chat/", "check/", "cases/")
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "use": "href", "form": "action"}


@dataclass
class Walk:
    """All that was seen on the way: pages by address, and what was wrong."""

    client: Client
    pages: dict[str, ElementTree.Element] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    made: set[tuple[str, ...]] = field(default_factory=set)

    def through(self, *beginnings: str) -> Walk:
        waiting = deque(beginnings)
        while waiting:
            address = waiting.popleft()
            if (kind := _kind_of(address)) not in self.seen:
                self.seen.add(kind)
                waiting.extend(self.open(address))
        return self

    def open(self, address: str) -> list[str]:
        """The addresses of our own that the page leads to."""
        if address.startswith(settings.STATIC_URL):
            if finders.find(address.removeprefix(settings.STATIC_URL)) is None:
                self.wrong.append(f"{address} is no file")
            return []
        answer = self.client.get(address)
        if answer.status_code not in GOOD:
            self.wrong.append(f"{address} answers {answer.status_code}")
            return []
        if answer.status_code != 200:
            return [_ours(urljoin(address, answer["Location"]))]
        if not answer["Content-Type"].startswith("text/html"):
            return []
        # Pages that differ by a name only are all asked for, and the first of a make is read.
        if (make := _kind_of(NAME.sub("", address))) in self.made:
            return []
        self.made.add(make)
        return self.read(address, answer.content.decode())

    def read(self, address: str, text: str) -> list[str]:
        page = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = page.parse(text)
        self.wrong += [f"{address} {place}: {code}" for place, code, _ in page.errors]
        twice = [name for name, times in Counter(_ids(tree)).items() if times > 1]
        self.wrong += [f"{address}: id {name} stands there twice" for name in twice]
        anchors = ANCHOR.findall(TEMPLATE.sub("", text))
        self.wrong += [
            f"{address}: {anchor} leads nowhere" for anchor in anchors if not FULL_HREF.search(anchor)
        ]
        self.pages[address] = tree
        found = []
        for element in tree.iter():
            attribute = LINKS.get(str(element.tag).rpartition("}")[2])
            link = element.attrib.get(attribute or "") or element.attrib.get(
                "{http://www.w3.org/1999/xlink}href", ""
            )
            is_asked = attribute != "action" or element.attrib.get("method", "get").lower() == "get"
            if link and is_asked:
                self.links.add((address, urljoin(address, link)))
                found.append(_ours(urljoin(address, link)))
        return [one for one in found if one]

    def broken_anchors(self) -> list[str]:
        ids = {address: set(_ids(page)) for address, page in self.pages.items()}
        return sorted(
            {
                f"{address} → {link}"
                for address, link in self.links
                if (target := urldefrag(link)).fragment
                and target.url in ids
                and target.fragment not in ids[target.url]
            }
        )


def _ours(link: str) -> str:
    """The path and query of one of our own pages; nothing for others, and for what opens a mail or a call."""
    parts = urlsplit(link)
    own = urlsplit(str(settings.PUBLIC_ORIGIN)).netloc
    if parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", own}:
        return ""
    return urldefrag(parts._replace(scheme="", netloc="").geturl()).url


def _kind_of(address: str) -> tuple[str, ...]:
    """Searches, topics and ways back are many, and the pages behind them of one make: one of each is looked at."""
    parts = urlsplit(address)
    return parts.path, *sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})


def _ids(page: ElementTree.Element) -> list[str]:
    return [element.attrib["id"] for element in page.iter() if "id" in element.attrib]


@pytest.fixture
def walk(db: None, client: Client) -> Walk:
    return Walk(client)


@pytest.mark.slow
def test_every_page_is_valid_and_every_link_leads_somewhere(xinghai: Brand, walk: Walk) -> None:
    walk.through("/", *(f"/{language}/search/?q=USDT" for language, _ in settings.LANGUAGES))

    articles = [f"articles/{slug}/" for slug in Article.objects.public().values_list("slug", flat=True)]
    topics = [f"topics/{key}/" for key in Category.objects.values_list("key", flat=True)]
    wanted = {
        f"/{language}/{at}" for language, _ in settings.LANGUAGES for at in (*articles, *topics, *FIXED)
    }
    assert wanted - set(walk.pages) == set()
    assert walk.wrong == []
    assert walk.broken_anchors() == []


@pytest.mark.slow
@pytest.mark.usefixtures("xinghai")
def test_an_account_with_an_address_is_linked_and_one_without_is_named(client: Client) -> None:
    OfficialWay.objects.filter(kind="x").update(url="https://x.example/xinghai")

    page = client.get("/en/contact/").content.decode()

    accounts = re.search(r'<ul class="socials".*?</ul>', page, re.DOTALL)
    assert accounts
    assert re.findall(r'<a href="([^"]*)"', accounts[0]) == ["https://x.example/xinghai"]
    assert accounts[0].count('class="account"') == 3


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("<!doctype html><title>a</title><p><div></p></div>", "unexpected-end-tag"),
        ("<title>a</title><p>no doctype", "expected-doctype"),
        ("<!doctype html><title>a</title><b id=x></b><b id=x></b>", "twice"),
        ("<!doctype html><title>a</title><a href='/en/no-such-page/'>a</a>", "answers 404"),
        ("<!doctype html><title>a</title><script src='/static/no.js'></script>", "is no file"),
        ("<!doctype html><title>a</title><table><p>in a table", "unexpected"),
        ("<!doctype html><title>a</title><a>a</a>", "leads nowhere"),
        ("<!doctype html><title>a</title><a href='#'>a</a>", "leads nowhere"),
    ],
)
def test_what_is_wrong_would_be_noticed(text: str, wrong: str, walk: Walk) -> None:
    walk.through(*walk.read("/en/invented/", text))

    assert any(wrong in one for one in walk.wrong), walk.wrong


def test_an_anchor_that_is_not_there_would_be_noticed(walk: Walk) -> None:
    walk.read("/en/invented/", "<!doctype html><title>a</title><a href='#here'>a</a>")

    assert walk.broken_anchors() == ["/en/invented/ → /en/invented/#here"]
