"""`kefu serve --host 0.0.0.0 --demo`: it asks for a word about plain HTTP and for a name, and leaves the website out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kefu.config.tests.serving import Served, served

pytestmark = pytest.mark.process

EVERYWHERE = ("--host", "0.0.0.0")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Open to all, over plain HTTP, with the demo: the operator has said each of these."""
    data = tmp_path_factory.mktemp("open") / "data"
    with served(data, *EVERYWHERE, "--demo", KEFU_INSECURE_HTTP="1") as running:
        yield running


def answer(running: Served, path: str, *, host: str = "localhost", at: str = "127.0.0.1") -> HTTPResponse:
    """The head of what is answered at an address of this machine to somebody who has typed this host."""
    with closing(HTTPConnection(at, port_of(running), timeout=20)) as asked:
        asked.request("GET", path, headers={"Host": f"{host}:{port_of(running)}"})
        return asked.getresponse()


def port_of(running: Served) -> int:
    return urlsplit(running.address).port or 0


@pytest.mark.parametrize("flags", [EVERYWHERE, (*EVERYWHERE, "--demo")])
def test_without_a_word_about_plain_http_it_does_not_start_and_makes_no_folder(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    refused = Served(tmp_path / "data", "--port", "0", *flags)
    code = refused.process.wait(60)
    refused.end()

    assert code == 1
    assert refused.said == (
        "On 0.0.0.0 Kefu would speak plain HTTP: name the proxy that adds TLS in KEFU_TRUSTED_PROXIES,"
        " or allow it with KEFU_INSECURE_HTTP=1.\n"
    )
    assert not (tmp_path / "data").exists()


def test_with_it_the_demo_is_filled_and_every_interface_is_listened_on(demo: Served) -> None:
    assert "Filling the demo exchange." in demo.said
    # Nothing else of this machine has the second address.
    assert answer(demo, "/zh-hans/articles/deposit-not-here/", at="127.0.0.2").status == 200


def test_the_website_of_the_demo_which_asks_for_no_password_is_not_there(demo: Served) -> None:
    assert "Exchange:" not in demo.said
    assert demo.child("exchange") == 0
    assert len(demo.children()) == 2


def test_others_are_refused_until_it_knows_its_name_and_that_is_said(demo: Served) -> None:
    assert "Others can't open it yet: say by which names they do, as in KEFU_HOSTS=" in demo.said
    assert answer(demo, "/zh-hans/").status == 200
    assert answer(demo, "/zh-hans/", host="support.test").status == 400


def test_cookies_of_plain_http_come_back_over_plain_http(demo: Served) -> None:
    page = answer(demo, "/staff/sign-in/")

    cookies = page.headers.get_all("Set-Cookie") or []
    assert cookies
    assert not any("secure" in cookie.lower() for cookie in cookies)
    assert "Strict-Transport-Security" not in page.headers
