from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from kefu.config.tests.adapter_client import Served, serving, until

pytestmark = pytest.mark.slow
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("adapter")
    with serving(folder, limits={"body_under": {"/large/": 300 * MIB}}, proxies=["127.0.0.1"]) as running:
        yield running


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    yield running
    running.close_connections()


def test_a_page_answers_with_its_length(served: Served) -> None:
    response = served.get("/hello")

    assert (response.status, response.body) == (200, b"hello")
    assert response["content-length"] == "5"
    assert not response["transfer-encoding"]


def test_a_long_page_comes_whole(served: Served) -> None:
    response = served.get(f"/long?size={3 * MIB + 7}")

    assert len(response.body) == 3 * MIB + 7


def test_path_and_query_arrive_as_they_were_written(served: Served) -> None:
    found = served.get("/facts/%E6%98%9F%E6%B5%B7/a%2Fb?q=%E5%85%85%E5%80%BC&n=1").json

    assert found["path"] == "/facts/星海/a/b"
    assert found["query"] == {"q": "充值", "n": "1"}


def test_a_path_that_is_no_text_is_answered(served: Served) -> None:
    assert served.get("/facts/%ff%fe").status == 200


def test_two_cookie_headers_are_one_jar(served: Served) -> None:
    found = served.get("/facts", "Cookie: a=1", "Cookie: b=2").json

    assert found["cookies"] == {"a": "1", "b": "2"}


def test_other_headers_that_come_twice_are_joined_by_a_comma(served: Served) -> None:
    found = served.get("/facts", "X-Word: one", "X-Word: two").json

    assert found["meta"]["HTTP_X_WORD"] == "one,two"


def test_a_header_with_an_underscore_is_dropped(served: Served) -> None:
    found = served.get("/facts", "X_Real_User: root", "Content_Length: 7", "X-Fine: yes").json

    assert "HTTP_X_REAL_USER" not in found["meta"]
    assert found["meta"]["CONTENT_LENGTH"] == "0"
    assert found["meta"]["HTTP_X_FINE"] == "yes"


def test_a_trusted_proxy_says_where_the_request_comes_from(served: Served) -> None:
    found = served.get("/facts", "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https").json

    assert found["meta"]["REMOTE_ADDR"] == "198.51.100.7"
    assert found["is_secure"]
    assert "HTTP_X_FORWARDED_FOR" not in found["meta"]


def test_a_body_arrives_whole(served: Served) -> None:
    found = served.get("/upload", method="POST", body=b"z" * 700_000).json

    assert (found["size"], found["declared"]) == (700_000, "700000")


def test_a_form_with_a_file_arrives(served: Served) -> None:
    body = (
        '--b\r\nContent-Disposition: form-data; name="who"\r\n\r\n安然\r\n'
        '--b\r\nContent-Disposition: form-data; name="slip"; filename="slip.png"\r\n\r\n12345\r\n--b--\r\n'
    ).encode()

    found = served.get(
        "/form", "Content-Type: multipart/form-data; boundary=b", method="POST", body=body
    ).json

    assert found == {"fields": {"who": "安然"}, "files": {"slip": ["slip.png", 5]}}


def test_a_chunked_body_gets_a_length_of_its_own(served: Served) -> None:
    connection = served.connect()

    connection.ask(
        "/upload", "Transfer-Encoding: chunked", method="POST", body=b"5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n"
    )

    found = connection.take().json
    assert (found["size"], found["declared"]) == (8, "8")


def test_who_waits_for_a_word_before_the_body_gets_it(served: Served) -> None:
    connection = served.connect()
    connection.ask("/upload", "Expect: 100-continue", "Content-Length: 2", method="POST")

    assert connection.reader.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert connection.reader.readline() == b"\r\n"
    connection.send(b"ok")
    assert connection.take().json["size"] == 2


def test_an_upload_that_is_cut_off_never_reaches_its_view(served: Served) -> None:
    before = served.counts()
    connection = served.connect()
    connection.ask("/upload", "Content-Length: 1000", method="POST", body=b"half")
    connection.close()

    assert served.get("/hello").status == 200
    assert served.counts().get("upload", 0) == before.get("upload", 0)


def test_a_large_upload_takes_no_memory(served: Served) -> None:
    before = served.counts()
    connection = served.connect()
    connection.ask("/large/upload", f"Content-Length: {200 * MIB}", method="POST")
    for _ in range(200):
        connection.send(bytes(MIB))

    found = connection.take().json
    assert found["size"] == 200 * MIB
    assert found["VmHWM"] - before["VmRSS"] < 8 * 1024
    until(lambda: served.counts()["descriptors"] <= before["descriptors"] + 2)


def test_a_body_that_is_declared_too_large_is_refused_at_once(served: Served) -> None:
    connection = served.connect()
    connection.ask("/upload", f"Content-Length: {1024 * MIB}", method="POST")

    refused = connection.take()

    assert refused.status == 413
    assert refused["connection"] == "close"
    assert "太大" in refused.body.decode()
    assert connection.ends()


@pytest.mark.parametrize("named", ["rot13", "undefined", "base64", "idna", "utf-16", "utf-7"])
def test_a_charset_that_no_form_can_be_in_is_refused_with_words(served: Served, named: str) -> None:
    for method in ("POST", "GET"):
        connection = served.connect()
        connection.ask("/hello?q=1", f"Content-Type: text/plain; charset={named}", method=method)

        refused = connection.take()

        assert refused.status == 415
        assert "UTF-8" in refused.body.decode()


@pytest.mark.parametrize(
    "named", ["utf-8", "UTF8", "us-ascii", "iso-8859-1", "gbk", "big5", "unheard-of", ""]
)
def test_a_charset_that_a_form_may_be_in_is_taken(served: Served, named: str) -> None:
    connection = served.connect()
    connection.ask("/hello?q=1", f"Content-Type: text/plain; charset={named}", method="POST")

    assert connection.take().status == 200


def test_who_sends_on_after_a_refusal_can_still_read_it(served: Served) -> None:
    connection = served.connect()
    connection.ask("/upload", f"Content-Length: {4 * MIB}", method="POST")
    connection.send(bytes(4 * MIB))

    assert connection.take().status == 413


def test_a_body_without_end_is_refused_at_the_limit(served: Served) -> None:
    before = served.counts().get("upload", 0)
    connection = served.connect()
    connection.ask("/upload", "Transfer-Encoding: chunked", method="POST")

    sent = 0
    with suppress(OSError):
        while sent < 400:
            connection.send(b"100000\r\n" + bytes(MIB) + b"\r\n")
            sent += 1

    assert sent < 40
    assert served.counts().get("upload", 0) == before


def test_the_answer_to_a_body_without_end_can_be_read(served: Served) -> None:
    connection = served.connect()
    connection.ask("/upload", "Transfer-Encoding: chunked", method="POST")
    connection.send(b"200000\r\n" + bytes(2 * MIB))

    assert connection.take().status == 413


def test_slow_uploads_hold_no_page_up(served: Served) -> None:
    for _ in range(4):
        served.connect().ask("/upload", "Content-Length: 5000", method="POST", body=b"a")

    assert served.get("/hello").body == b"hello"


def test_language_zone_and_context_stay_in_their_request(served: Served) -> None:
    clean = served.get("/leaks").json["found"]
    assert {served.get("/leaks?leave").json["thread"] for _ in range(8)} <= {"django-0", "django-1"}

    with ThreadPoolExecutor(4) as many:
        found = list(many.map(lambda _: served.get("/leaks").json["found"], range(16)))

    assert all(each == clean for each in found)


def test_a_pipelined_request_inherits_nothing(served: Served) -> None:
    clean = served.get("/leaks").json["found"]
    connection = served.connect()

    connection.send(b"GET /leaks?leave HTTP/1.1\r\nHost: a\r\n\r\nGET /leaks HTTP/1.1\r\nHost: a\r\n\r\n")

    connection.take()
    assert connection.take().json["found"] == clean


def test_many_requests_share_two_connections_to_the_database(served: Served) -> None:
    with ThreadPoolExecutor(20) as many:
        found = list(many.map(lambda _: served.get("/database").json["connection"], range(60)))

    assert len(set(found)) == 2


@pytest.mark.parametrize(
    "path",
    ["/hello", "/chunks", "/file?mib=1", "/breaks", "/nothing", "/chunks?breaks_at=0", "/ends-everything"],
)
def test_each_request_starts_and_finishes_once(served: Served, path: str) -> None:
    before = served.counts()
    for method in ("GET", "HEAD") * 3:
        served.get(path, method=method)

    def is_balanced() -> bool:
        now = served.counts()
        # The request that counts has started and not finished yet.
        return now["started"] - now["finished"] == 1

    until(is_balanced)
    assert served.counts()["started"] - before["started"] >= 7


def test_the_head_of_a_page_has_its_length_and_no_body(served: Served) -> None:
    connection = served.connect()
    connection.ask("/hello", method="HEAD")
    head = connection.take(method="HEAD")
    connection.ask("/hello")

    assert (head.status, head["content-length"], head.body) == (200, "5", b"")
    assert connection.take().body == b"hello"


def test_the_head_of_a_file_has_its_length_and_no_body(served: Served) -> None:
    connection = served.connect()
    connection.ask("/file?mib=1", method="HEAD")
    head = connection.take(method="HEAD")
    connection.ask("/hello")

    assert (head.status, head["content-length"]) == (200, str(MIB))
    assert connection.take().body == b"hello"


def test_an_unchanged_page_keeps_the_connection(served: Served) -> None:
    connection = served.connect()
    connection.ask("/hello")
    etag = connection.take()["etag"]

    connection.ask("/hello", f"If-None-Match: {etag}")
    unchanged = connection.take()
    connection.ask("/nothing")
    nothing = connection.take()
    connection.ask("/hello")

    assert (unchanged.status, unchanged["etag"], unchanged["content-length"]) == (304, etag, "")
    assert (nothing.status, nothing["content-length"]) == (204, "")
    assert connection.take().body == b"hello"


def test_two_cookies_are_two_headers(served: Served) -> None:
    headers = served.get("/cookies").headers

    assert sorted(value.split(";")[0] for name, value in headers if name == "set-cookie") == [
        "one=1",
        "two=2",
    ]


def test_many_pages_over_one_connection_come_in_order(served: Served) -> None:
    connection = served.connect()

    connection.send(
        b"".join(b"GET /long?size=%d HTTP/1.1\r\nHost: a\r\n\r\n" % size for size in range(1, 40))
    )

    assert [len(connection.take().body) for _ in range(1, 40)] == list(range(1, 40))


@pytest.mark.parametrize("path", ["/breaks", "/ends-everything", "/chunks?breaks_at=0"])
def test_a_view_that_breaks_is_answered_with_an_error(served: Served, path: str) -> None:
    connection = served.connect()
    connection.ask(path)
    assert connection.take().status == 500

    connection.ask("/hello")
    assert connection.take().status == 200


def test_memory_stays_after_many_requests(served: Served) -> None:
    def many(number: int) -> None:
        connection = served.connect()
        for _ in range(number):
            connection.ask("/hello")
            assert connection.take().status == 200

    many(200)
    before = served.counts()["VmRSS"]
    many(1500)

    assert served.counts()["VmRSS"] - before < 3 * 1024


def test_the_first_content_type_counts(served: Served) -> None:
    found = served.get("/facts", "Content-Type: text/plain", "Content-Type: text/html")

    assert json.loads(found.body)["meta"]["CONTENT_TYPE"] == "text/plain"
