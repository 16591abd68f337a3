from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from kefu.brands.models import Brand
from kefu.ui.management.commands import publish_zones
from kefu.ui.middleware import zone_of_visitor
from kefu.ui.published import ZONES, zones
from kefu.ui.tests.pages import LANGUAGES, parsed
from kefu.ui.zones import offset_name, zone_called, zone_name

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Shanghai", "UTC+8"),
        ("America/New_York", "UTC−5"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/St_Johns", "UTC−3:30"),
        ("UTC", "UTC"),
        ("Europe/London", "UTC"),
    ],
)
def test_a_zone_says_how_far_from_utc_it_is(zone: str, name: str) -> None:
    assert offset_name(ZoneInfo(zone), WINTER) == name


def test_a_zone_is_called_as_people_call_it_and_else_by_its_distance() -> None:
    with translation.override("zh-hans"):
        assert zone_name(ZoneInfo("Asia/Shanghai"), WINTER) == "北京时间"
        assert zone_name(ZoneInfo("Asia/Chongqing"), WINTER) == "北京时间"
        assert zone_name(ZoneInfo("Asia/Kathmandu"), WINTER) == "UTC+5:45"
    with translation.override("zh-hant"):
        assert zone_name(ZoneInfo("Australia/Sydney"), WINTER) == "雪梨時間"


def test_only_iana_names_are_zones() -> None:
    assert zone_called("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")
    for name in (None, "", "Beijing", "../../etc/passwd", "Asia/Shanghai\0", "x" * 5000):
        assert zone_called(name) is None


def test_the_script_has_the_same_words_as_the_server() -> None:
    published = zones()

    assert ZONES.read_text(encoding="utf-8") == published, "run the command publish_zones"
    assert (
        '"Australia/Sydney": { "zh-hans": "悉尼时间", "zh-hant": "雪梨時間", "en": "Sydney time" },'
        in published
    )
    assert '"Asia/Calcutta": "Asia/Kolkata",' in published


def test_the_command_writes_the_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(publish_zones, "ZONES", tmp_path / "zones.js")

    call_command("publish_zones")

    assert (tmp_path / "zones.js").read_text(encoding="utf-8") == zones()


def seen(
    cookies: dict[str, str], brand: Brand | None = None, cached: str = "public, max-age=60"
) -> tuple[str, str]:
    def view(request: HttpRequest) -> HttpResponse:
        zone = getattr(timezone.get_current_timezone(), "key", "UTC")
        return HttpResponse(zone, headers={"Cache-Control": cached})

    request = RequestFactory().get("/en/")
    request.COOKIES.update(cookies)
    request.brand = brand  # type: ignore[attr-defined]
    response = zone_of_visitor(view)(request)
    return response.content.decode(), response["Cache-Control"]


def test_without_a_choice_the_brand_zone_holds_and_the_page_stays_cacheable() -> None:
    assert seen({}, Brand(zone="Asia/Taipei")) == ("Asia/Taipei", "public, max-age=60")
    assert seen({}) == ("UTC", "public, max-age=60")


def test_a_page_in_a_chosen_zone_is_for_its_reader_only() -> None:
    assert seen({"kefu_zone": "Asia/Tokyo"}, Brand()) == ("Asia/Tokyo", "private, no-cache")
    assert seen({"kefu_zone": "Asia/Tokyo"}, cached="no-store") == ("Asia/Tokyo", "no-store")


def test_a_forged_choice_is_no_choice() -> None:
    assert seen({"kefu_zone": "<script>"}, Brand()) == ("Asia/Shanghai", "public, max-age=60")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_zone_is_chosen_by_a_form_and_remembered(client: Client, language: str) -> None:
    page = client.get(f"/ui/{language}/time-zone/?next=/{language}/contact/")
    assert "Asia/Kathmandu" in parsed(page)
    assert page["Cache-Control"] == "no-store"

    response = client.post(
        f"/ui/{language}/time-zone/", {"zone": "Asia/Tokyo", "next": f"/{language}/contact/"}
    )

    assert response["Location"] == f"/{language}/contact/"
    assert client.cookies["kefu_zone"].value == "Asia/Tokyo"


@pytest.mark.django_db
def test_following_the_device_forgets_the_choice(client: Client) -> None:
    client.cookies["kefu_zone"] = "Asia/Tokyo"

    client.post("/ui/en/time-zone/", {"zone": "", "next": "/en/"})

    assert client.cookies["kefu_zone"].value == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_back_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    response = client.post("/ui/en/time-zone/", {"zone": "Asia/Tokyo", "next": elsewhere})

    assert response["Location"] == "/en/"


@pytest.mark.django_db
def test_the_form_is_refused_without_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/ui/en/time-zone/", {"zone": "Asia/Tokyo"}).status_code == 403


@pytest.mark.django_db
def test_an_unknown_language_has_no_page(client: Client) -> None:
    assert client.get("/ui/fr/time-zone/").status_code == 404
