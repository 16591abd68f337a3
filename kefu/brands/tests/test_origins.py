"""Whose pages may show a brand's chat: exact origins, and nothing that could mean more than one."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from kefu.brands.actions import allow_origins
from kefu.brands.models import Brand
from kefu.brands.origins import NotAnOrigin, read_origin
from kefu.journal.models import Entry


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans"])


def run(*words: str) -> str:
    said = StringIO()
    call_command("brand_origins", *words, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://www.xinghai.example", "https://www.xinghai.example"),
        (" HTTPS://WWW.Xinghai.example/ ", "https://www.xinghai.example"),
        ("https://www.xinghai.example:443", "https://www.xinghai.example"),
        ("https://www.xinghai.example:8443", "https://www.xinghai.example:8443"),
        ("https://星海.example", "https://xn--kiv86n.example"),
        ("http://localhost:8010", "http://localhost:8010"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8010", "http://[::1]:8010"),
    ],
)
def test_an_origin_is_written_as_browsers_compare_it(typed: str, written: str) -> None:
    assert read_origin(typed) == written
    assert read_origin(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "*",
        "null",
        "www.xinghai.example",
        "http://www.xinghai.example",
        "https://*.xinghai.example",
        "https://xinghai.example/trade",
        "https://xinghai.example?x=1",
        "https://xinghai.example#x",
        "https://mei@xinghai.example",
        "https://xinghai.example:99999",
        "https://xinghai.example; script-src *",
        "https://a.example https://b.example",
        "javascript://xinghai.example",
        "https://" + "a" * 400,
    ],
)
def test_what_means_more_or_less_than_one_origin_is_refused(typed: str) -> None:
    with pytest.raises(NotAnOrigin):
        read_origin(typed)


@pytest.mark.django_db
def test_a_change_is_in_the_journal_once(brand: Brand) -> None:
    for _ in range(2):
        allow_origins(brand=brand, origins=["https://www.xinghai.example"])

    brand.refresh_from_db()
    assert brand.origins == ["https://www.xinghai.example"]
    assert Entry.objects.filter(kind="brand.origins_changed", brand_id=brand.pk).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origins",
    [
        ["https://*"],
        ["https://A.example"],
        ["https://a.example"] * 2,
        [7],
        [f"https://a{n}.example" for n in range(51)],
    ],
)
def test_a_brand_never_holds_what_no_browser_would_compare(brand: Brand, origins: list[str]) -> None:
    with pytest.raises(ValidationError):
        allow_origins(brand=brand, origins=origins)

    brand.refresh_from_db()
    assert brand.origins == []


@pytest.mark.django_db
def test_the_console_allows_and_forbids(brand: Brand) -> None:
    assert run("xinghai") == "No page may show this chat inside itself.\n"

    run("xinghai", "--allow", "https://www.xinghai.example/", "--allow", "http://localhost:8010")
    said = run("xinghai", "--forbid", "http://localhost:8010", "--json")

    assert json.loads(said) == {"brand": "xinghai", "origins": ["https://www.xinghai.example"]}


@pytest.mark.django_db
@pytest.mark.parametrize("words", [("xinghai", "--allow", "xinghai.example"), ("nobody",)])
def test_the_console_says_what_it_can_not_take(brand: Brand, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"write it like https://|Brands: xinghai"):
        run(*words)
