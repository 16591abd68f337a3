"""The offline pack: the most important articles as one page, and as one file that needs no other."""

from __future__ import annotations

import base64
import hashlib
import re

import html5lib
import pytest
from django.test import Client

from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf, shelf_filled_by

TEXT = """\
Lead with [the other](article:second) and [the chat](chat:).

## Part {#part}

See [above](#part).

::: web 网页
1. First on the web.
:::
::: app App
1. First in the app.
:::

::: care
Take care.
:::
"""
OUTSIDE = re.compile(r'(?:src|href)="(?!#|https?://)[^"]*"')


def _fill(shelf: Shelf) -> None:
    shelf.brand.hosts = ["help.xinghai.example", "testserver"]
    shelf.brand.save(update_fields=["hosts"])
    shelf.put("first", text=TEXT)
    shelf.put("second", number=2, text="## Part {#part}\n\nThe same anchor.\n")
    shelf.put("secret", number=3, audience="staff")
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["offline/", "offline/pack.html"])
def test_the_articles_are_all_there_in_the_readers_language(
    path: str, language: str, filled: Shelf, client: Client
) -> None:
    page = client.get(f"/{language}/{path}").content.decode()

    assert f">first {language}</h2>" in page
    assert f">second {language}</h2>" in page
    assert "secret" not in page
    assert "First on the web." in page
    assert "First in the app." in page


@pytest.mark.parametrize("path", ["offline/", "offline/pack.html"])
def test_it_is_valid_and_no_name_stands_there_twice(path: str, filled: Shelf, client: Client) -> None:
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        client.get(f"/en/{path}").content.decode()
    )

    ids = [one.attrib["id"] for one in page.iter() if "id" in one.attrib]
    links = [one.attrib["href"] for one in page.iter("a") if one.attrib.get("href", "").startswith("#")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert "first--s-part" in ids
    assert "#second" in links


def test_the_file_needs_nothing_beside_it(filled: Shelf, client: Client) -> None:
    answer = client.get("/zh-hans/offline/pack.html")
    page = answer.content.decode()

    assert answer["Content-Disposition"] == 'attachment; filename="xinghai-help-zh-hans.html"'
    assert OUTSIDE.findall(page) == []
    assert "<script" not in page
    assert "<img" not in page
    assert "https://help.xinghai.example/zh-hans/chat/" in page


def test_its_policy_allows_its_own_styles_and_nothing_else(filled: Shelf, client: Client) -> None:
    answer = client.get("/en/offline/pack.html")

    styles = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in styles]
    assert len(digests) == 1
    assert answer["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_it_is_found_from_every_page(filled: Shelf, client: Client) -> None:
    assert 'href="/en/offline/"' in client.get("/en/").content.decode()
