"""The demo exchange's website vouches for its users, to Kefu and to nobody else."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from kefu.accounts.actions import vouch
from kefu.accounts.models import Identity, Level
from kefu.accounts.tests.factories import make_brand, make_other_brand
from kefu.brands.models import Brand
from kefu.demo.host.arranging import KEY_SET, arrange
from kefu.demo.host.people import USERS, user_called
from kefu.demo.host.requests import Answer, Asked
from kefu.demo.host.signing import Signer
from kefu.demo.host.site import COOKIE, FILES, Site
from kefu.exchange.actions import PlatformText, set_platform
from kefu.exchange.models import KeySource, Platform
from kefu.exchange.tests.platforms import key_server
from kefu.journal.actor import SYSTEM

ORIGIN, PRODUCT = "http://127.0.0.1:8001", "http://localhost:8000"
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path / "keys")


@pytest.fixture
def site(signer: Signer) -> Site:
    return Site(origin=ORIGIN, product=PRODUCT, signer=signer)


def ask(
    site: Site, path: str, *, method: str = "GET", form: dict[str, str] | None = None, **headers: str
) -> Answer:
    told = {"host": "127.0.0.1:8001"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return site.answer(Asked(method, path, told, form or {}))


def sign_in(site: Site, key: str = "xiaomei", **headers: str) -> Answer:
    return ask(
        site,
        "/zh-hans/sign-in",
        method="POST",
        form={"user": key},
        **({"sec_fetch_site": "same-origin"} | headers),
    )


def told(answer: Answer) -> Any:
    return json.loads(answer.body)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_stranger_may_choose_who_to_be_and_then_is_them(site: Site, language: str) -> None:
    front = ask(site, f"/{language}/").body.decode()
    back = ask(site, f"/{language}/", cookie=f"{COOKIE}=bohan").body.decode()

    assert [user.key for user in USERS if f'value="{user.key}"' not in front] == []
    assert "data-user" not in front
    assert 'data-user="bohan"' in back
    assert "700488" in back


def test_signing_in_sets_a_cookie_and_signing_out_takes_it(site: Site) -> None:
    came = sign_in(site)
    left = ask(site, "/zh-hans/sign-out", method="POST", sec_fetch_site="same-origin")

    assert (came.status, came.headers["location"]) == (303, "/zh-hans/")
    assert came.headers["set-cookie"] == "xinghai_user=xiaomei; Path=/; HttpOnly; SameSite=Strict"
    assert left.headers["set-cookie"].endswith("Max-Age=0")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "", "origin": "null"},
        {"sec_fetch_site": "", "origin": "http://localhost:8001"},
        {"sec_fetch_site": ""},
    ],
)
def test_another_site_signs_nobody_in_and_gets_no_token(site: Site, headers: dict[str, str]) -> None:
    assert sign_in(site, **headers).status == 403
    assert ask(site, "/token", cookie=f"{COOKIE}=xiaomei", **headers).status == 403


def test_a_browser_that_says_only_its_origin_may_sign_in(site: Site) -> None:
    assert sign_in(site, sec_fetch_site="", origin=ORIGIN).status == 303


@pytest.mark.parametrize("key", ["", "mallory", "xiaomei; Domain=evil.example", "x" * 9000])
def test_who_is_nobody_signs_in_as_nobody(site: Site, key: str) -> None:
    assert sign_in(site, key).status == 400


@pytest.mark.parametrize("host", ["evil.example:8001", "localhost:8001", "127.0.0.1", ""])
def test_a_name_that_somebody_points_here_reaches_no_page(site: Site, host: str) -> None:
    answer = ask(site, "/token", host=host, cookie=f"{COOKIE}=xiaomei", sec_fetch_site="same-origin")

    assert (answer.status, answer.headers["location"], answer.body) == (308, f"{ORIGIN}/", b"")


@pytest.mark.parametrize(
    "cookie", ["", "xinghai_user=mallory", "xinghai_user", "\x00=;;=", 'a="', "other=xiaomei"]
)
def test_without_a_user_there_is_no_token(site: Site, cookie: str) -> None:
    assert ask(site, "/token", cookie=cookie, sec_fetch_site="same-origin").status == 403


def test_the_front_door_leads_to_the_visitors_language(site: Site) -> None:
    wishes = {"zh-TW,zh;q=0.9": "/zh-hant/", "fr, en;q=0.5": "/en/", "": "/zh-hans/", "x" * 600: "/zh-hans/"}

    assert {wish: ask(site, "/", accept_language=wish).headers["location"] for wish in wishes} == wishes


@pytest.mark.parametrize(
    "path", ["/nothing", "/zh-hans/nothing", "/fr/", "/zh-hans", "/../keys/demo_exchange.pem"]
)
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert ask(site, path).status == 404
    assert ask(site, path, method="POST", sec_fetch_site="same-origin").status == 404
    assert ask(site, path, method="PUT").status == 405


@pytest.mark.parametrize("path", FILES)
def test_its_own_files_are_there(site: Site, path: str) -> None:
    assert ask(site, path).body


def test_the_page_holds_no_style_and_no_script_of_its_own_and_loads_only_what_its_policy_allows(
    site: Site,
) -> None:
    page = ask(site, "/en/", cookie=f"{COOKIE}=james").body.decode()
    policy = site.headers["content-security-policy"]

    assert re.findall(r"(?:src|rel=\S+ href)=\"(\S+?)\"", page)
    loaded = re.findall(r"<script src=\"([^\"]+)\"", page) + re.findall(
        r"<link rel=\"\w+\" href=\"([^\"]+)\"", page
    )
    assert [one for one in loaded if not one.startswith(("/", PRODUCT))] == []
    assert f"frame-src {PRODUCT}" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_requests_and_answers_go_through_asgi(site: Site) -> None:
    async def run() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        pieces = iter([{"body": b"user=ja", "more_body": True}, {"body": b"mes"}])

        async def receive() -> dict[str, Any]:
            return next(pieces)

        async def send(message: Any) -> None:
            sent.append(dict(message))

        headers = [(b"Host", b"127.0.0.1:8001"), (b"Sec-Fetch-Site", b"same-origin")]
        await site(
            {"type": "http", "method": "POST", "path": "/en/sign-in", "headers": headers}, receive, send
        )
        return sent

    start, body = asyncio.run(run())

    said = dict(start["headers"])
    assert start["status"] == 303
    assert said[b"set-cookie"].startswith(b"xinghai_user=james;")
    assert b"default-src 'none'" in said[b"content-security-policy"]
    assert body["body"] == b""


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = Signer(tmp_path / "keys").key_set()

    file = tmp_path / "keys" / "demo_exchange.pem"
    assert Signer(tmp_path / "keys").key_set() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "d" not in first["keys"][0]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [user.key for user in USERS])
def test_kefu_believes_the_website(site: Site, signer: Signer, key: str) -> None:
    brand = make_brand()
    with key_server() as server:
        server.body = ask(site, KEY_SET).body
        arrange(server.url.removesuffix("/keys.json"))
        token = told(ask(site, "/token", cookie=f"{COOKIE}={key}", sec_fetch_site="same-origin"))["token"]

        customer = vouch(brand=brand, viewer=None, token=token).customer

    user = user_called(key)
    assert user is not None
    assert (customer.name, customer.level, customer.phrase) == (user.name, Level.VOUCHED, user.phrase)
    mail = Identity.objects.mail_of(customer.pk)
    assert (mail.value if mail else "") == user.email
    assert (mail.level if mail else None) == (
        None if not user.email else Level.VOUCHED if user.is_email_verified else Level.CLAIMED
    )


@pytest.mark.django_db
def test_kefu_is_told_where_the_website_is_now() -> None:
    brand = make_brand(origins=["https://app.xinghai.example"])

    arrange("http://127.0.0.1:8001")
    arrange("http://127.0.0.1:9999")

    brand.refresh_from_db()
    assert Platform.objects.get().jwks_url == f"http://127.0.0.1:9999{KEY_SET}"
    assert brand.origins == ["https://app.xinghai.example", "http://127.0.0.1:9999"]


@pytest.mark.django_db
def test_what_somebody_said_of_the_platform_since_stays_theirs() -> None:
    brand = make_brand()
    text = PlatformText(issuer="https://real.example", audience="us", source=KeySource.SECRET)
    set_platform(brand=brand, text=text, by=SYSTEM)

    arrange("http://127.0.0.1:8001")

    assert Platform.objects.get().issuer == "https://real.example"


@pytest.mark.django_db
def test_without_its_brand_nobody_is_told_anything() -> None:
    make_other_brand()

    assert not arrange("http://127.0.0.1:8001")
    assert not Platform.objects.exists()
    assert Brand.objects.get().origins == []
