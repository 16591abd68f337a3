"""A key set is fetched when it must be, from its own address alone, and what is wrong with it stops nobody who is known."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.tests.factories import make_brand
from kefu.brands.models import Brand
from kefu.exchange import fetching
from kefu.exchange.actions import remove_platform
from kefu.exchange.jwk import NotASet, read_set
from kefu.exchange.keys import BETWEEN_TRIES, FRESH_FOR, GOOD_FOR
from kefu.exchange.refusals import NotVouched, Reason
from kefu.exchange.tests.platforms import (
    EC,
    OTHER_RSA,
    RSA,
    PrivateKey,
    jwk,
    key_server,
    signed,
    with_key_set,
)
from kefu.exchange.tokens import read_token
from kefu.journal.actor import SYSTEM
from kefu.journal.tests.facts import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return make_brand()


def come(brand: Brand, key: PrivateKey = RSA, key_id: str | None = "first", algorithm: str = "RS256") -> str:
    """The reason why the platform's user is refused; "" if they are not."""
    try:
        read_token(brand_id=brand.pk, token=signed(key, algorithm=algorithm, key_id=key_id))
    except NotVouched as refused:
        return refused.reason
    return ""


def later(time: timedelta) -> time_machine.travel:
    return time_machine.travel(now() + time, tick=True)


def test_keys_are_fetched_once_and_kept(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)

        assert [come(brand) for _ in range(5)] == [""] * 5
        assert server.asked == 1


def test_a_new_key_is_fetched_when_the_first_token_names_it(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        come(brand)
        server.publish(jwk(RSA), jwk(EC, "second"))

        with later(BETWEEN_TRIES + timedelta(seconds=1)):
            assert come(brand, EC, "second", "ES256") == ""
            assert come(brand) == ""
        assert server.asked == 2


def test_invented_ids_make_us_ask_no_more_often_than_we_would(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        come(brand)

        assert [come(brand, OTHER_RSA, f"invented-{number}") for number in range(20)] == ["unknown_key"] * 20
        assert server.asked == 1
        assert come(brand) == ""


def test_a_key_that_was_taken_back_is_refused_soon(brand: Brand) -> None:
    with key_server(jwk(RSA), jwk(EC, "second")) as server:
        with_key_set(brand, server.url)
        come(brand)
        server.publish(jwk(EC, "second"))

        with later(FRESH_FOR + timedelta(seconds=1)):
            assert come(brand) == Reason.UNKNOWN_KEY


@pytest.mark.parametrize("status", [500, 404, 301, 302, 307])
def test_a_server_that_fails_or_sends_us_elsewhere_takes_no_known_key_away(brand: Brand, status: int) -> None:
    with key_server(jwk(RSA)) as server, key_server(jwk(OTHER_RSA, "planted")) as elsewhere:
        with_key_set(brand, server.url)
        come(brand)
        server.status, server.headers = status, {"Location": elsewhere.url}

        with later(FRESH_FOR + timedelta(seconds=1)):
            assert come(brand) == ""
            # It may be a new key of the platform's, which nobody can ask now.
            assert come(brand, OTHER_RSA, "planted") == Reason.NO_KEYS
        with later(GOOD_FOR + timedelta(seconds=1)):
            assert come(brand) == Reason.NO_KEYS
        assert elsewhere.asked == 0


def test_a_server_that_is_down_refuses_everybody_until_it_is_back(brand: Brand) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with_key_set(brand, f"http://127.0.0.1:{port}/keys.json")

        assert come(brand) == Reason.NO_KEYS


@pytest.mark.slow
def test_a_slow_server_is_not_waited_for(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "ALL_SECONDS", 0.5)
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        server.slow.clear()
        began = time.monotonic()

        assert come(brand) == Reason.NO_KEYS
        assert come(brand) == Reason.NO_KEYS
        assert time.monotonic() - began < 20
        assert server.asked == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_ask_once(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        come(brand)
        server.publish(jwk(RSA), jwk(EC, "second"))
        outcomes: list[str] = []

        def run() -> None:
            outcomes.append(come(brand))
            connection.close()

        with later(FRESH_FOR + timedelta(seconds=1)):
            threads = [threading.Thread(target=run) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)

        assert outcomes == [""] * 4
        assert server.asked == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"keys": []}',
        b'{"keys": 5}',
        b'{"keys": [5]}',
        b"[" * 20_000,
        b"x" * (fetching.LARGEST + 1),
        b'{"keys": [' + b'{"kty": "RSA"},' * 4000 + b"{}]}",
    ],
    ids=lambda body: str(body[:12]),
)
def test_an_answer_that_is_no_key_set_leaves_what_was_known(brand: Brand, body: bytes) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        come(brand)
        server.body = body

        with later(FRESH_FOR + timedelta(seconds=1)):
            assert come(brand) == ""
            assert server.asked == 2


def test_without_an_id_only_a_single_key_is_meant(brand: Brand) -> None:
    with key_server(jwk(RSA, key_id=None)) as server:
        with_key_set(brand, server.url)
        assert come(brand, key_id=None) == ""
        server.publish(jwk(RSA, key_id=None), jwk(EC, "second"))

        with later(FRESH_FOR + timedelta(seconds=1)):
            assert come(brand, key_id=None) == Reason.UNKNOWN_KEY


@pytest.mark.django_db(transaction=True)
def test_a_new_key_that_somebody_else_is_fetching_now_can_wait(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        come(brand)
        server.publish(jwk(RSA), jwk(EC, "second"))
        server.slow.clear()
        first: list[str] = []

        def run() -> None:
            first.append(come(brand, EC, "second", "ES256"))
            connection.close()

        with later(BETWEEN_TRIES + timedelta(seconds=1)):
            thread = threading.Thread(target=run)
            thread.start()
            wait_until(lambda: server.asked == 2)
            meanwhile = come(brand, EC, "second", "ES256")
            server.slow.set()
            thread.join(60)

            assert (meanwhile, first) == (Reason.NO_KEYS, [""])
            assert come(brand, EC, "second", "ES256") == ""
            assert come(brand, OTHER_RSA, "invented") == Reason.UNKNOWN_KEY


@pytest.mark.django_db(transaction=True)
def test_a_platform_that_is_removed_while_its_keys_are_fetched_vouches_for_nobody(brand: Brand) -> None:
    with key_server(jwk(RSA)) as server:
        with_key_set(brand, server.url)
        server.slow.clear()
        outcome: list[str] = []

        def run() -> None:
            outcome.append(come(brand))
            connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        wait_until(lambda: server.asked == 1)
        remove_platform(brand=brand, by=SYSTEM)
        server.slow.set()
        thread.join(60)

        assert outcome == [Reason.NO_PLATFORM]


def as_set(*keys: Any) -> bytes:
    return json.dumps({"keys": keys}).encode()


def test_a_set_holds_only_what_verifies_and_nothing_private() -> None:
    with_private = jwk(RSA) | {"d": "c2VjcmV0", "p": "c2VjcmV0", "comment": {"a": 1}}

    kept = read_set(as_set({"kty": "oct", "k": "c2VjcmV0"}, with_private))

    assert [set(one) for one in kept] == [{"kty", "kid", "n", "e"}]


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "oct", "kid": "first", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"},
        jwk(RSA, use="enc"),
        jwk(RSA, key_ops=["encrypt"]),
        jwk(RSA, key_ops="verify"),
        jwk(RSA, alg="HS256"),
        jwk(RSA, alg="none"),
        jwk(RSA, alg="ES256"),
        jwk(EC, alg="ES384"),
        jwk(EC, crv="secp256k1"),
        jwk(EC, x="AAAA"),
        jwk(RSA, n="!!"),
        jwk(rsa.generate_private_key(public_exponent=65537, key_size=1024)),  # noqa: S505 - it must be refused
        jwk(ec.generate_private_key(ec.SECP256K1())),
    ],
    ids=lambda key: f"{key['kty']} {key.get('alg', '')}",
)
def test_a_key_that_is_weak_or_not_for_signatures_is_none(key: dict[str, Any]) -> None:
    with pytest.raises(NotASet):
        read_set(as_set(key))
