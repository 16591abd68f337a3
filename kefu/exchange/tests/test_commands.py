"""Operators say at the console how a platform signs."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from kefu.accounts.tests.factories import make_brand
from kefu.brands.models import Brand
from kefu.exchange.models import Platform
from kefu.exchange.refusals import NotVouched
from kefu.exchange.tests.platforms import ISSUER, RSA, SECRET, jwk, key_server, signed
from kefu.exchange.tokens import read_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return make_brand()


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def secret_in(said: str) -> tuple[str, str]:
    """The key id and the secret that were printed."""
    found = re.search(r"\(kid\): (\w+)\nSecret \(HS256\): (\S+)\n", said)
    assert found
    return found[1], found[2]


def test_a_printed_secret_signs_from_then_on(brand: Brand) -> None:
    key_id, secret = secret_in(run("platform_set", brand.key, "--issuer", ISSUER, "--secret"))

    assert read_token(brand_id=brand.pk, token=signed(secret, key_id=key_id)).user_id


def test_a_secret_is_rotated_without_a_gap(brand: Brand) -> None:
    _, old = secret_in(run("platform_set", brand.key, "--issuer", ISSUER, "--secret"))

    said = run("platform_rotate", brand.key)
    _, new = secret_in(said)

    assert "platform rotate xinghai --end-old" in said
    assert read_token(brand_id=brand.pk, token=signed(old)).user_id
    run("platform_rotate", brand.key, "--end-old")
    assert read_token(brand_id=brand.pk, token=signed(new)).user_id
    with pytest.raises(NotVouched):
        read_token(brand_id=brand.pk, token=signed(old))


def test_the_platforms_own_secret_is_read_from_standard_input_and_not_printed(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))

    said = run("platform_set", brand.key, "--issuer", ISSUER, "--secret-from-stdin")

    assert SECRET not in said
    assert read_token(brand_id=brand.pk, token=signed(SECRET)).user_id


def test_setting_it_again_keeps_the_secret(brand: Brand) -> None:
    _, secret = secret_in(run("platform_set", brand.key, "--issuer", "https://old.example", "--secret"))

    said = run("platform_set", brand.key, "--issuer", ISSUER, "--secret")

    assert "Its secret stays" in said
    assert read_token(brand_id=brand.pk, token=signed(secret)).user_id


def test_a_key_set_is_fetched_at_once(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        said = run("platform_set", brand.key, "--issuer", ISSUER, "--jwks", server.url)
        again = run("platform_rotate", brand.key)

    assert "Fetched 1 public key from" in said
    assert "Fetched 1 public key from" in again
    assert read_token(brand_id=brand.pk, token=signed(RSA, algorithm="RS256", key_id="first")).user_id


def test_what_is_shown_holds_no_secret(brand: Brand) -> None:
    key_id, secret = secret_in(run("platform_set", brand.key, "--issuer", ISSUER, "--secret"))

    shown, told = run("platform_show"), json.loads(run("platform_show", "xinghai", "--json"))

    assert ISSUER in shown
    assert key_id in shown
    assert secret not in shown + str(told)
    assert (told[0]["issuer"], told[0]["source"]) == (ISSUER, "secret")


def test_without_a_platform_there_is_a_word_on_how_to_begin(brand: Brand) -> None:
    assert "platform set BRAND" in run("platform_show")
    assert json.loads(run("platform_show", "--json")) == []


def test_a_removed_platform_is_gone(brand: Brand) -> None:
    run("platform_set", brand.key, "--issuer", ISSUER, "--secret")

    run("platform_remove", brand.key)

    assert not Platform.objects.exists()
    with pytest.raises(CommandError, match="has no platform"):
        run("platform_remove", brand.key)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["platform_set", "nobody", "--issuer", ISSUER, "--secret"], "There is no brand nobody"),
        (["platform_set", "xinghai", "--issuer", "", "--secret"], "blank"),
        (["platform_set", "xinghai", "--issuer", ISSUER, "--jwks", "http://evil.example/"], "https://"),
        (
            ["platform_set", "xinghai", "--issuer", ISSUER, "--jwks", "http://127.0.0.1:9/"],
            "could not be fetched",
        ),
        (["platform_set", "xinghai", "--issuer", ISSUER, "--secret-from-stdin"], "32 to 512 bytes"),
        (["platform_rotate", "xinghai"], "has no platform"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("too short\n"))

    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(*words)
