from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language, gettext

from kefu.brands.models import Brand
from kefu.ui.languages import HTML_LANG, Language, html_lang, in_language, language_in, wished_language
from kefu.ui.middleware import language_of_path

WISHES = [
    ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
    ("zh-SG", "zh-hans"),
    ("zh", "zh-hans"),
    ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-hant"),
    ("zh-HK", "zh-hant"),
    ("zh-Hant-MO", "zh-hant"),
    ("en-GB,en;q=0.9", "en"),
    ("fr,de;q=0.9,en;q=0.5", "en"),
    ("fr-CH, *;q=0.5", "zh-hans"),
    ("", "zh-hans"),
    ("rubbish;;q=x", "zh-hans"),
]


def test_each_language_of_the_house_is_a_closed_value(settings: LazySettings) -> None:
    assert list(Language) == [code for code, _ in settings.LANGUAGES] == list(HTML_LANG)


@pytest.mark.parametrize(("header", "language"), WISHES)
def test_the_browser_wish_is_understood(header: str, language: str) -> None:
    assert wished_language(RequestFactory().get("/", headers={"Accept-Language": header})) == language


@pytest.mark.django_db
@pytest.mark.parametrize(("header", "language"), WISHES[:7])
def test_the_front_door_leads_to_the_wished_language(client: Client, header: str, language: str) -> None:
    response = client.get("/", headers={"Accept-Language": header})

    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in response["Vary"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_the_front_door_leads_only_to_languages_of_the_brand(client: Client) -> None:
    Brand.objects.create(key="one", name="One", prefix="AA", languages=["en"])

    assert client.get("/", headers={"Accept-Language": "zh-CN"})["Location"] == "/en/"


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/zh-hant/contact/", "zh-hant"),
        ("/en/", "en"),
        ("/en", "en"),
        ("/desk/", None),
        ("/english/", None),
        ("/", None),
    ],
)
def test_a_path_says_its_language_by_its_first_part(path: str, language: str | None) -> None:
    assert language_in(path) == language


def test_the_same_page_is_found_in_another_language() -> None:
    assert in_language("/zh-hans/articles/x/", "en") == "/en/articles/x/"
    assert in_language("/desk/", "en") == "/desk/"


def test_the_path_decides_over_the_wish_and_nothing_stays_behind() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{get_language()} {gettext('Help centre')}")

    request = RequestFactory().get("/zh-hant/", headers={"Accept-Language": "en"})
    response = language_of_path(view)(request)

    assert response.content.decode() == "zh-hant 說明中心"
    assert response["Content-Language"] == "zh-Hant"
    assert not response.has_header("Vary")
    assert get_language() == "zh-hans"


def test_html_has_the_tag_with_its_capital_letter() -> None:
    assert [html_lang(one) for one in ("zh-hans", "zh-hant", "en", None)] == [
        "zh-Hans",
        "zh-Hant",
        "en",
        "zh-Hans",
    ]
