"""Every page that may be kept is the same bytes for two visitors, and holds nothing that belongs to one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from kefu.accounts.tests.factories import as_customer, make_brand, make_customer
from kefu.brands.models import Brand
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf
from kefu.ui.kept_pages import KEEPING, Keeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What stands in an address, for pages whose address has something in it.
SAMPLES: dict[str, list[str]] = {
    "helpcentre:category": ["deposits"],
    "helpcentre:article": ["deposit-missing"],
    "api_article": ["deposit-missing"],
}
A_TOKEN = re.compile(r"csrfmiddlewaretoken|nonce=|sessionid|kefu_customer", re.IGNORECASE)


def kept_views(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from kept_views(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        elif getattr(one.callback, "is_for_everybody", False):
            yield f"{space}{one.name}"


KEPT = sorted(kept_views(get_resolver().url_patterns))


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    found = make_brand(languages=list(LANGUAGES))
    shelf = Shelf(tmp_path, found)
    shelf.put("deposit-missing", text="## 先看\n第一段。\n\n## 再看\n第二段。")
    shelf.put("deposit-slow", number=2)
    shelf.bring_in()
    return found


def drawn(client: Client, address: str, **headers: str) -> HttpResponse:
    return client.get(address, **{KEEPING: Keeping()}, headers=headers)  # type: ignore[arg-type]


def test_the_pages_that_are_most_read_may_be_kept() -> None:
    assert {"helpcentre:home", "helpcentre:category", "helpcentre:article", "contact:ways"} <= set(KEPT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", KEPT)
def test_a_page_that_may_be_kept_is_the_same_for_two_visitors(brand: Brand, view: str, language: str) -> None:
    with override(language):
        address = reverse(view, args=SAMPLES.get(view, []))
    visitor, customer = Client(), Client()
    as_customer(customer, make_customer(brand=brand))
    customer.cookies["kefu_csrf"] = "a" * 32

    ours = drawn(visitor, address, accept_language="en", user_agent="one", referer="https://one.example/")
    theirs = drawn(
        customer, address, accept_language="zh-TW", user_agent="two", x_forwarded_host="evil.example"
    )

    assert ours.status_code == theirs.status_code == 200
    assert ours.content == theirs.content
    assert dict(ours.headers) == dict(theirs.headers)
    assert "Cookie" not in ours.headers.get("Vary", "")
    assert not ours.cookies
    assert not theirs.cookies
    assert not A_TOKEN.search(ours.content.decode())
