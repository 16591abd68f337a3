from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation

from kefu.brands.models import Brand
from kefu.ui import views
from kefu.ui.tests.pages import LANG, LANGUAGES, parsed

TROUBLES = {
    400: views.bad_request,
    403: views.forbidden,
    404: views.not_found,
    500: views.server_error,
    503: views.unavailable,
}
LONG_NAME = "Allgemeine Sächsische Wertpapierhandelsgesellschaft 星海全球数字资产交易与清算所"


def page_of(path: str, brand: Brand | None = None, template: str = "ui/site.html") -> str:
    request = RequestFactory().get(path)
    request.resolver_match = resolve("/zh-hans/contact/")
    request.brand = brand  # type: ignore[attr-defined]
    with translation.override(path.split("/")[1]):
        return parsed(HttpResponse(render_to_string(template, request=request)))


@pytest.mark.parametrize("status", TROUBLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_for_trouble_needs_no_database_and_says_what_to_do_next(status: int, language: str) -> None:
    response = TROUBLES[status](RequestFactory().get(f"/{language}/somewhere/"))

    text = parsed(response)
    assert response.status_code == status
    assert f'<html lang="{LANG[language]}">' in text
    assert f'href="/{language}/"' in text
    assert f'href="/{language}/chat/"' in text
    assert f'href="/{language}/contact/"' in text


@pytest.mark.parametrize("status", TROUBLES)
def test_trouble_at_the_desk_leads_back_to_it(status: int) -> None:
    text = parsed(
        TROUBLES[status](RequestFactory().get("/desk/somewhere/", headers={"Accept-Language": "zh-CN"}))
    )

    assert 'href="/desk/"' in text
    assert "回到工作台" in text
    assert 'href="/zh-hans/' not in text
    assert "帮助中心" not in text


def test_trouble_outside_a_language_speaks_the_browser_language() -> None:
    request = RequestFactory().get("/desk/", headers={"Accept-Language": "zh-TW"})

    assert "找不到這一頁" in parsed(views.not_found(request))


def test_a_busy_page_says_when_to_come_again() -> None:
    assert views.unavailable(RequestFactory().get("/en/"))["Retry-After"] == "10"


@pytest.mark.django_db
def test_an_address_that_does_not_exist_has_our_own_page(client: Client) -> None:
    Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH")

    response = client.get("/zh-hans/no-such-page/")

    assert response.status_code == 404
    assert "没有这一页 · 星海 Exchange" in parsed(response)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_reachable_in_the_other_languages(language: str) -> None:
    text = page_of(f"/{language}/contact/", Brand(name="星海 Exchange", languages=LANGUAGES))

    for other in LANGUAGES:
        assert (
            f'<link rel="alternate" hreflang="{LANG[other]}" href="{settings.PUBLIC_ORIGIN}/{other}/contact/">'
            in text
        )
        shown = text.count(f'href="/{other}/contact/" lang="{LANG[other]}"')
        assert shown == (1 if other == language else 3)


def test_what_was_asked_for_goes_along_into_another_language_and_another_zone() -> None:
    text = page_of("/en/search/?q=%E5%85%85%E5%80%BC&in=zh-hans", Brand(name="One", languages=LANGUAGES))

    asked = "?q=%E5%85%85%E5%80%BC&amp;in=zh-hans"
    assert text.count(f'href="/zh-hans/search/{asked}" lang="zh-Hans"') == 3
    assert f'hreflang="zh-Hans" href="{settings.PUBLIC_ORIGIN}/zh-hans/search/"' in text
    back = "/en/search/%3Fq%3D%25E5%2585%2585%25E5%2580%25BC%26in%3Dzh-hans"
    assert f'href="/ui/en/time-zone/?next={back}"' in text


def test_only_the_languages_of_the_brand_are_offered() -> None:
    text = page_of("/en/contact/", Brand(name="One", languages=["en", "zh-hant"]))

    assert "/zh-hant/contact/" in text
    assert "/zh-hans/contact/" not in text


def test_the_current_room_is_marked() -> None:
    text = page_of("/en/contact/")

    assert re.findall(r'<a href="([^"]+)" aria-current="page">', text) == ["/en/contact/"]


def test_header_footer_and_bar_lead_to_a_human() -> None:
    text = page_of("/zh-hans/contact/")

    assert text.count('href="/zh-hans/chat/" data-open-chat') >= 3


def test_the_brand_shows_its_name_domain_and_colour_and_not_ours() -> None:
    text = page_of("/en/contact/", Brand(name=LONG_NAME, domain="xinghai.example", accent_hue=290))

    assert LONG_NAME in text
    assert "xinghai.example" in text
    assert "/ui/brand/290.css" in text
    assert "Kefu" not in text


def test_names_are_escaped() -> None:
    assert "<script>alert" not in page_of("/en/contact/", Brand(name="<script>alert(1)</script>"))


@pytest.mark.parametrize("template", ["ui/staff.html", "ui/sign_in.html"])
def test_staff_pages_stand_in_the_same_frame(template: str) -> None:
    assert "data-theme-switch" in page_of("/en/contact/", template="ui/staff.html")
    assert "<main" in page_of("/en/contact/", template=template)


@pytest.mark.django_db
def test_the_colour_sheet_sets_one_number_and_never_changes(client: Client) -> None:
    response = client.get("/ui/brand/290.css")

    assert "--accent-h: 290;" in response.content.decode()
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/css")


@pytest.mark.django_db
def test_a_hue_is_an_angle(client: Client) -> None:
    assert client.get("/ui/brand/361.css").status_code == 404
    assert client.get("/ui/brand/-1.css").status_code == 404
