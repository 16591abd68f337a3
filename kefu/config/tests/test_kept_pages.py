"""The page cache in front of all of Django: who is answered from it, and what is kept."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings

from kefu.config.kept import pages
from kefu.config.tests.kept_house import House, drawn, house, own_addresses

__all__ = ["house", "own_addresses"]
pytestmark = pytest.mark.usefixtures("own_addresses")


def test_a_page_is_drawn_once_and_then_answered_with_the_same_bytes(house: House) -> None:
    first, second = house.get("/en/common/"), house.get("/en/common/")

    assert drawn == ["/en/common/"]
    assert (first.status, first.headers, first.body) == (second.status, second.headers, second.body)
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.headers["content-security-policy"].startswith("default-src 'none'")


def test_each_encoding_has_its_own_bytes_and_tag(house: House) -> None:
    plain = house.get("/en/common/")
    zipped = house.get("/en/common/", accept_encoding="gzip, deflate")
    small = house.get("/en/common/", accept_encoding="gzip, deflate, br, zstd")

    assert gzip.decompress(zipped.body) == plain.body == brotli.decompress(small.body)
    assert len(small.body) < len(plain.body) / 10
    assert len({plain.headers["etag"], zipped.headers["etag"], small.headers["etag"]}) == 3
    for answer, encoding in ((plain, None), (zipped, "gzip"), (small, "br")):
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["content-length"] == str(len(answer.body))
        assert answer.headers["vary"] == "Accept-Encoding"
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=nonsense", None),
        ("", None),
    ],
)
def test_an_encoding_is_chosen_as_the_client_weighs_it(
    house: House, accepted: str, given: str | None
) -> None:
    assert house.get("/en/common/", accept_encoding=accepted).headers.get("content-encoding") == given


def test_who_has_the_page_is_told_that_it_still_holds(house: House) -> None:
    whole = house.get("/en/common/", accept_encoding="br").headers
    tag = whole["etag"]

    for has in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = house.get("/en/common/", accept_encoding="br", if_none_match=has)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers == {name: whole[name] for name in ("cache-control", "vary", "etag")}
    assert house.get("/en/common/", if_none_match='"other"').status == 200
    assert len(drawn) == 1


@pytest.mark.parametrize(("has", "accepts"), [("br", "identity"), ("identity", "br"), ("gzip", "br")])
def test_who_has_it_in_another_encoding_gets_the_one_that_is_asked_for(
    house: House, has: str, accepts: str
) -> None:
    theirs = house.get("/en/common/", accept_encoding=has)
    chosen = house.get("/en/common/", accept_encoding=accepts)

    for tag in (theirs.headers["etag"], f"W/{theirs.headers['etag']}"):
        answer = house.get("/en/common/", accept_encoding=accepts, if_none_match=tag)
        assert (answer.status, answer.headers, answer.body) == (200, chosen.headers, chosen.body)
    both = f"{theirs.headers['etag']}, {chosen.headers['etag']}"
    answer = house.get("/en/common/", accept_encoding=accepts, if_none_match=both)
    assert (answer.status, answer.headers["etag"]) == (304, chosen.headers["etag"])


def test_who_has_an_older_page_makes_the_new_one_be_kept(house: House) -> None:
    house.get("/en/common/", if_none_match='"older"')
    house.get("/en/common/")

    assert len(drawn) == 1


def test_what_is_long_goes_at_the_clients_pace(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not from the server's protocol, which would put all of it into memory for each who asks and reads slowly."""
    house.get("/en/common/")
    scope = house.scope("/en/common/")
    assert house.kept.at_once(scope) is not None

    monkeypatch.setattr(pages, "SHORT", 1_000)

    assert house.kept.at_once(scope) is None
    assert len(house.get("/en/common/").body) > 1_000


def test_a_head_has_no_body_and_the_length_of_one(house: House) -> None:
    before = house.get("/en/common/", method="HEAD")
    whole = house.get("/en/common/")
    after = house.get("/en/common/", method="HEAD")

    assert (before.status, before.body, after.status, after.body) == (200, b"", 200, b"")
    assert after.headers == whole.headers
    assert len(drawn) == 2


def test_other_methods_go_to_django(house: House) -> None:
    house.get("/en/common/")

    assert house.get("/en/common/", method="POST").status == 403
    assert house.get("/en/common/", method="OPTIONS").status == 405


@pytest.mark.parametrize("page", ["cookie", "session", "missing", "private"])
def test_a_page_that_is_somebodys_own_or_is_not_there_is_never_kept(house: House, page: str) -> None:
    for _ in range(2):
        house.get(f"/en/{page}/")

    assert drawn == [page, page]
    assert len(house.kept.shelf) == 0


def test_a_page_whose_language_the_browser_chooses_is_never_kept(house: House) -> None:
    assert house.get("/common/").headers["vary"] == "Accept-Language"
    house.get("/common/")

    assert len(drawn) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=abc"},
        {"cookie": f"other=1; {settings.SESSION_COOKIE_NAME}=abc"},
        {"cookie": "kefu_zone=Asia/Tokyo"},
        {"authorization": "Bearer abc"},
        {"range": "bytes=0-1"},
        {"content_length": "3"},
    ],
)
def test_staff_and_who_chose_a_zone_are_neither_answered_from_it_nor_kept(
    house: House, headers: dict[str, str]
) -> None:
    house.get("/en/common/", **headers)
    assert len(house.kept.shelf) == 0
    house.get("/en/common/")
    house.get("/en/common/", **headers)

    assert len(drawn) == 3


def test_a_visitor_with_other_cookies_is_answered_from_it(house: House) -> None:
    house.get("/en/common/", cookie="kefu_customer=abc")
    house.get("/en/common/")

    assert len(drawn) == 1


def test_a_host_that_is_not_ours_is_refused_and_leaves_no_trace(house: House) -> None:
    house.get("/en/common/")

    answer = house.get("/en/common/", host="evil.example")

    assert answer.status == 400
    assert "evil.example" not in house.get("/en/common/").text
    assert len(drawn) == 1


def test_two_hosts_of_one_brand_share_a_page_and_brands_share_none(house: House) -> None:
    for host in ("testserver", "localhost", "testserver", "localhost"):
        house.get("/en/common/", host=host)
    assert len(drawn) == 2

    house.get("/en/common/", host="127.0.0.1")
    house.get("/en/common/", host="127.0.0.1")

    assert len(drawn) == 3


def test_a_host_that_comes_twice_is_nobodys_word(house: House) -> None:
    house.get("/en/common/")

    answer = house.loop.run_until_complete(house.ask("/en/common/", more=[(b"host", b"evil.example")]))

    assert answer.status == 400


def test_a_query_that_no_page_asks_for_changes_nothing_and_is_not_seen(house: House) -> None:
    for query in ("", "utm_source=x", "q2=1&%3Cscript%3E=1", "a=" + "b" * 400):
        assert "/en/common/ 1" in house.get("/en/common/", query).text

    assert drawn == ["/en/common/"]


def test_a_page_sees_what_it_asks_for_and_each_answer_is_kept_by_itself(house: House) -> None:
    for _ in range(2):
        assert "coin None" in house.get("/en/asking/", "q=coin&other=1").text
        assert "币 None" in house.get("/en/asking/", "q=%E5%B8%81").text

    assert len(drawn) == 2


def test_a_query_too_long_goes_past_the_cache(house: House) -> None:
    for _ in range(2):
        house.get("/en/common/", "a=" + "b" * 600)

    assert len(drawn) == 2


def test_busting_it_with_queries_fills_no_more_than_its_place() -> None:
    with House(most_bytes=100_000) as house:
        for number in range(60):
            house.get("/en/asking/", f"q={number}")

    assert house.kept.shelf.bytes <= 100_000
    assert 5 < len(house.kept.shelf) < 60


def test_what_was_asked_for_lately_stays() -> None:
    with House(most_bytes=100_000) as house:
        house.get("/en/common/")
        for number in range(60):
            house.get("/en/asking/", f"q={number}")
            house.get("/en/common/")

    assert drawn.count("/en/common/") == 1
