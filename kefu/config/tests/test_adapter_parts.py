from __future__ import annotations

from typing import Any

import pytest

from kefu.config.adapter import Limits, Proxies
from kefu.config.adapter.proxies import Origin
from kefu.config.adapter.refusals import TooMany, TooManyOfYours
from kefu.config.adapter.uploads import Uploads


def scope(
    client: tuple[str, int] | None, *headers: tuple[bytes, bytes], scheme: str = "http"
) -> dict[str, Any]:
    return {"client": client, "scheme": scheme, "headers": list(headers)}


def forwarded(told: str, scheme: str = "https") -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", told.encode()), (b"x-forwarded-proto", scheme.encode())]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        # The client wrote the first itself, our outer proxy the second, and our inner one the third.
        ("203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        # Only our own proxies are on the way.
        ("10.1.2.4, 10.1.2.3", "10.1.2.4"),
        # What is no address is nobody's word, and neither is what stands before it.
        ("198.51.100.7, unknown, 10.1.2.3", "10.1.2.3"),
        ("unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_trusted_proxies_tell_the_client_s_address(told: str, address: str) -> None:
    origin = Proxies(["10.0.0.0/8"]).origin(scope(("10.0.0.1", 5000), *forwarded(told)))

    assert origin.address == address
    assert origin.scheme == "https"


def test_the_nearest_proxy_has_the_last_word_on_the_scheme() -> None:
    proxies = Proxies(["10.0.0.1"])

    assert proxies.origin(scope(("10.0.0.1", 1), *forwarded("", "https, http"))).scheme == "http"
    assert proxies.origin(scope(("10.0.0.1", 1), *forwarded("", "gopher"), scheme="https")).scheme == "https"


@pytest.mark.parametrize("client", [("203.0.113.9", 5000), ("", 0), None])
def test_nobody_else_is_believed(client: tuple[str, int] | None) -> None:
    origin = Proxies(["10.0.0.0/8"]).origin(scope(client, *forwarded("198.51.100.7")))

    assert origin == Origin(*(client or ("", 0)), "http")


def test_a_proxy_on_a_socket_for_both_families_is_known() -> None:
    origin = Proxies(["127.0.0.1"]).origin(scope(("::ffff:127.0.0.1", 1), *forwarded("198.51.100.7")))

    assert origin.address == "198.51.100.7"


def test_a_proxy_that_is_no_address_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="proxy"):
        Proxies(["proxy.example"])


def test_the_longest_beginning_of_a_path_decides_its_limit() -> None:
    limits = Limits(body=1, body_under={"/files/": 2, "/files/large/": 3})

    assert [limits.body_at(path) for path in ("/", "/files", "/files/a", "/files/large/a")] == [1, 1, 2, 3]


def test_one_client_has_its_share_of_the_uploads() -> None:
    uploads = Uploads(Limits(uploads=3, uploads_of_one=1))

    with uploads.place("203.0.113.9"):
        with pytest.raises(TooManyOfYours), uploads.place("::ffff:203.0.113.9"):
            pass
        with (
            uploads.place("203.0.113.10"),
            uploads.place("203.0.113.11"),
            pytest.raises(TooMany),
            uploads.place("203.0.113.12"),
        ):
            pass
    with uploads.place("203.0.113.9"):
        pass


def test_who_has_no_address_shares_with_nobody() -> None:
    uploads = Uploads(Limits(uploads=2, uploads_of_one=1))

    with uploads.place(""), uploads.place(""), pytest.raises(TooMany), uploads.place(""):
        pass


def test_uploads_that_ended_are_remembered_nowhere() -> None:
    uploads = Uploads(Limits())

    with pytest.raises(OSError, match="cut"), uploads.place("203.0.113.9"):
        raise OSError("cut")

    assert not uploads._taken
