"""Links lead to where people reach this installation."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.http.request import split_domain_port, validate_host
from pytest_django import Settings

from kefu.accounts.tests.factories import make_agent
from kefu.config import env
from kefu.config.origin import Origin
from kefu.config.tests.serving import environ

BEHIND = {"KEFU_HOSTS": "help.example.com, other.example.com", "KEFU_TRUSTED_PROXIES": "127.0.0.1"}
PLAIN = {"KEFU_HOST": "0.0.0.0", "KEFU_HOSTS": "help.example.com", "KEFU_INSECURE_HTTP": "1"}


def origin(**told: str) -> Origin:
    return Origin.of(env.read(told))


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "http://localhost:8080"),
        ({"KEFU_HOST": "::"}, "http://localhost:8080"),
        ({"KEFU_HOST": "10.0.0.7"}, "http://10.0.0.7:8080"),
        ({"KEFU_HOST": "fd00::7"}, "http://[fd00::7]:8080"),
    ],
)
def test_without_a_public_host_it_is_this_machine(told: dict[str, str], address: str) -> None:
    assert origin(**told).public(8080) == origin(**told).local(8080) == address


def test_the_first_public_host_is_reached_with_tls() -> None:
    assert origin(**BEHIND).public(8080) == "https://help.example.com"
    assert origin(**BEHIND).local(8080) == "http://localhost:8080"
    assert origin(KEFU_HOSTS="help.example.com").public(8080) == "https://help.example.com"
    assert origin(**PLAIN, KEFU_TRUSTED_PROXIES="10.0.0.1").public(8080) == "https://help.example.com"


def test_where_nothing_adds_tls_it_is_the_port_itself() -> None:
    assert origin(**PLAIN).public(8080) == "http://help.example.com:8080"


@pytest.mark.parametrize(
    ("told", "is_local", "has_tls"),
    [
        ({}, True, False),
        ({"KEFU_HOST": "::1", "KEFU_INSECURE_HTTP": "1"}, True, False),
        (BEHIND, False, True),
        ({"KEFU_TRUSTED_PROXIES": "127.0.0.1"}, False, True),
        ({"KEFU_HOSTS": "help.example.com"}, False, True),
        ({"KEFU_HOST": "10.0.0.7", "KEFU_TRUSTED_PROXIES": "10.0.0.1"}, False, True),
        (PLAIN, False, False),
    ],
)
def test_only_a_house_that_nobody_else_reaches_is_local(
    told: dict[str, str], is_local: bool, has_tls: bool
) -> None:
    assert (origin(**told).is_local, origin(**told).has_tls) == (is_local, has_tls)


@pytest.mark.parametrize(
    ("told", "own"),
    [
        ({}, []),
        ({"KEFU_HOST": "::1"}, []),
        ({"KEFU_HOST": "0.0.0.0"}, []),
        ({"KEFU_HOST": ""}, []),
        ({"KEFU_HOST": "192.168.1.5"}, ["192.168.1.5"]),
        ({"KEFU_HOST": "FD00:0::7"}, ["[fd00::7]"]),
        ({"KEFU_HOST": "192.168.1.5", "KEFU_HOSTS": "help.example.com"}, ["192.168.1.5", "help.example.com"]),
    ],
)
def test_it_answers_to_the_address_that_it_prints(told: dict[str, str], own: list[str]) -> None:
    assert origin(**told).answers_to == ["localhost", "127.0.0.1", "[::1]", *own]
    assert validate_host(
        split_domain_port(urlsplit(origin(**told).public(8080)).netloc)[0], origin(**told).answers_to
    )


def said_by_settings(words: str, data: Path, **told: str) -> str:
    """What Python prints for these words about the settings of an operator who set these."""
    return subprocess.run(
        [sys.executable, "-c", f"from kefu.config import settings; print({words})"],
        env=environ(**told, KEFU_DATA=str(data)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_the_settings_know_it(tmp_path: Path) -> None:
    said = said_by_settings("settings.PUBLIC_ORIGIN, settings.ALLOWED_HOSTS[3:]", tmp_path, **BEHIND)

    assert said == "https://help.example.com ['help.example.com', 'other.example.com']"


COOKIES = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_COOKIES"


def test_behind_a_proxy_on_this_machine_cookies_travel_by_tls_alone_and_there_is_no_demo(
    tmp_path: Path,
) -> None:
    """SECURE_COOKIES is also what Strict-Transport-Security and the customer's cookie go by."""
    said = said_by_settings(f"{COOKIES}, settings.DEMO, settings.ALONE_HERE", tmp_path, **BEHIND)

    assert said == "True True True False False"


def test_on_ones_own_machine_cookies_need_no_tls(tmp_path: Path) -> None:
    said = said_by_settings(f"{COOKIES}, settings.DEMO, settings.ALONE_HERE", tmp_path)

    assert said == "False False False True True"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", [("signin", "mei@xinghai.example"), ("agent_add", "new@xinghai.example", "--name", "New")]
)
def test_the_console_prints_links_that_colleagues_can_open(
    words: tuple[str, ...], settings: Settings
) -> None:
    settings.PUBLIC_ORIGIN = "https://help.example.com"
    make_agent("林美", email="mei@xinghai.example", teams=[])
    printed = StringIO()

    call_command(*words, stdout=printed)

    assert "https://help.example.com/staff/link/" in printed.getvalue()
    assert "localhost" not in printed.getvalue()
