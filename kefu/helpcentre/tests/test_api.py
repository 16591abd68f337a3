"""The API to read and search: every answer is as its description says, and a wrong question is told why."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from kefu.brands.models import Brand
from kefu.helpcentre import api
from kefu.helpcentre.openapi import CODES, document
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf, shelf_filled_by
from kefu.safety.limits import Limit
from kefu.ui.languages import html_lang

HOST = "https://help.xinghai.example"


def _fill(shelf: Shelf) -> None:
    shelf.brand.hosts = ["help.xinghai.example", "testserver"]
    shelf.brand.save(update_fields=["hosts"])
    shelf.put("first", text="## Part {#part}\n\nMore **words** for the coffee.\n")
    shelf.put("second", number=2)
    shelf.put("secret", number=3, audience="staff")
    shelf.put("third", number=4)
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


def ask(client: Client, path: str, status: int = 200, **query: Any) -> Any:
    """The answer, held against its description."""
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    described = document(HOST)
    place = "/api/v1/articles/{slug}" if path.startswith("/api/v1/articles/") else path
    operation = described["paths"][place]["get"]
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    jsonschema.validate(
        answer.json(),
        schema | {"components": described["components"]},
        format_checker=jsonschema.FormatChecker(),
    )
    return answer.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_article_is_listed_in_the_language_asked_for(
    language: str, filled: Shelf, client: Client
) -> None:
    found = ask(client, "/api/v1/articles", lang=language)

    assert [one["slug"] for one in found["articles"]] == ["first", "second", "third"]
    assert {one["language"] for one in found["articles"]} == {language}
    assert found["articles"][0]["url"] == f"{HOST}/{language}/articles/first/"
    assert found["next"] is None
    assert client.get("/api/v1/articles", {"lang": language})["Content-Language"] == html_lang(language)


def test_a_long_list_comes_in_pages_and_none_is_left_out(filled: Shelf, client: Client) -> None:
    path, query, slugs = "/api/v1/articles", {"lang": "en", "limit": "1"}, []
    for _ in range(3):
        page = ask(client, path, **query)
        slugs += [one["slug"] for one in page["articles"]]
        if page["next"]:
            assert page["next"].startswith(f"{HOST}/api/v1/articles?")
            query = dict(pair.split("=") for pair in page["next"].partition("?")[2].split("&"))

    assert slugs == ["first", "second", "third"]
    assert page["next"] is None


def test_an_article_is_read_whole(filled: Shelf, client: Client) -> None:
    found = ask(client, "/api/v1/articles/first", lang="zh-hant")

    assert found["title"] == "first zh-hant"
    assert "<strong>words</strong>" in found["html"]
    assert "coffee" in found["text"]
    assert found["languages"] == list(LANGUAGES)


def test_the_brands_first_language_is_taken_where_none_is_said(filled: Shelf, client: Client) -> None:
    answer = client.get("/api/v1/articles/first", headers={"accept-language": "en"})

    assert answer.json()["language"] == "zh-hans"
    assert "Vary" not in answer.headers


def test_articles_are_found_by_their_words(filled: Shelf, client: Client) -> None:
    found = ask(client, "/api/v1/search", q=" coffee ", lang="en")

    assert found["query"] == "coffee"
    assert found["results"][0]["slug"] == "first"
    assert any(part["match"] for part in found["results"][0]["snippet"])
    assert ask(client, "/api/v1/search", q="咖啡豆子", lang="en")["results"] == []


@pytest.mark.parametrize("path", ["/api/v1/articles/secret", "/api/v1/articles/none"])
def test_what_only_staff_read_is_not_there(path: str, filled: Shelf, client: Client) -> None:
    assert ask(client, path, 404, lang="en")["error"]["code"] == "not_found"
    assert "secret" not in client.get("/api/v1/search", {"q": "secret"}).content.decode().replace(
        '"query": "secret"', ""
    )


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/api/v1/articles", {"lang": "de"}, "unknown_language"),
        ("/api/v1/articles", {"lang": ""}, "unknown_language"),
        ("/api/v1/articles", {"lang": "x" * 2_000}, "unknown_language"),
        ("/api/v1/articles", {"limit": "0"}, "bad_number"),
        ("/api/v1/articles", {"limit": "101"}, "bad_number"),
        ("/api/v1/articles", {"limit": "²"}, "bad_number"),
        ("/api/v1/articles", {"after": "-1"}, "bad_number"),
        ("/api/v1/articles", {"after": "9" * 30}, "bad_number"),
        ("/api/v1/articles/first", {"lang": "fr"}, "unknown_language"),
        ("/api/v1/search", {}, "query_missing"),
        ("/api/v1/search", {"q": "  "}, "query_missing"),
        ("/api/v1/search", {"q": "a" * 201}, "query_too_long"),
        ("/api/v1/search", {"q": "a", "limit": "31"}, "bad_number"),
    ],
)
def test_a_wrong_question_is_told_why(
    path: str, query: dict[str, str], code: str, filled: Shelf, client: Client
) -> None:
    error = ask(client, path, 400, **query)["error"]

    assert error["code"] == code in CODES
    assert error["message"].endswith(".")


@pytest.mark.parametrize(
    "path", ["/api/v1/search?q=%00", "/api/v1/articles?limit=%00", "/api/v1/articles/%00"]
)
def test_what_no_text_can_hold_is_refused_in_json(path: str, filled: Shelf, client: Client) -> None:
    answer = client.get(path)

    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"]["code"] in CODES


def test_it_only_reads(filled: Shelf) -> None:
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.delete, client.patch):
        answer = method("/api/v1/articles")
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
        assert answer["Allow"] == "GET, HEAD"


def test_an_address_that_is_none_is_told_so_in_json(filled: Shelf, client: Client) -> None:
    answer = client.get("/api/v1/nothing/here")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/articles/first", "/api/v1/search?q=first"])
def test_what_still_holds_is_not_sent_again(path: str, filled: Shelf, client: Client) -> None:
    tag = client.get(path)["ETag"]

    answer = client.get(path, headers={"if-none-match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_chinese_is_written_as_it_is(filled: Shelf, client: Client) -> None:
    assert "充值与提现" in client.get("/api/v1/articles", {"lang": "zh-hans"}).content.decode()


def test_a_list_asks_as_often_for_many_as_for_few(
    filled: Shelf, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        client.get("/api/v1/articles", {"limit": "1"})
    with django_assert_num_queries(3):
        client.get("/api/v1/articles", {"limit": "3"})


def test_the_description_describes_itself(filled: Shelf, client: Client) -> None:
    found = client.get("/api/v1/openapi.json").json()

    assert found == document(HOST)
    assert found["openapi"] == "3.1.0"
    for path, item in found["paths"].items():
        names = {one["name"] for one in item["get"]["parameters"] if one["in"] == "path"}
        assert names == set(re.findall(r"{(\w+)}", path))
    for schema in found["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("limit", "path"),
    [
        ("SEARCHED", "/api/v1/search"),
        ("READ", "/api/v1/articles"),
        ("READ", "/api/v1/articles/first"),
    ],
)
def test_who_asks_too_often_is_told_when_it_works_again(
    limit: str,
    path: str,
    filled: Shelf,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, limit, Limit("test.api", 1, timedelta(minutes=10)))
    ask(client, path, q="coffee")

    answer = client.get(path, {"q": "coffee"})

    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "too_many"
    assert 0 < int(answer.headers["Retry-After"]) <= 600


@pytest.mark.slow
def test_finding_costs_the_same_queries_for_two_articles_and_for_twenty(
    filled: Shelf, client: Client
) -> None:
    ask(client, "/api/v1/search", q="coffee", lang="en")
    with CaptureQueriesContext(connection) as few:
        found = ask(client, "/api/v1/search", q="coffee", lang="en", limit="30")
    for number in range(10, 28):
        filled.put(f"more-{number}", number=number, text="More coffee.")
    filled.bring_in()
    with CaptureQueriesContext(connection) as many:
        all_found = ask(client, "/api/v1/search", q="coffee", lang="en", limit="30")

    assert len(all_found["results"]) >= len(found["results"]) + 18
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh-hans"),
        ("zh", "zh-hans"),
        ("ZH-HK", "zh-hant"),
        ("zh-Hant-TW", "zh-hant"),
        ("en-GB", "en"),
    ],
)
def test_every_tag_that_the_site_takes_for_a_language_is_taken(
    tag: str, language: str, filled: Shelf, client: Client
) -> None:
    assert ask(client, "/api/v1/articles/first", lang=tag)["language"] == language
    assert client.get("/api/v1/articles", {"lang": tag})["Content-Language"] == html_lang(language)


def test_a_tag_of_a_language_that_the_brand_does_not_speak_is_refused(
    filled: Shelf, brand: Brand, client: Client
) -> None:
    Brand.objects.filter(pk=brand.pk).update(languages=["zh-hans"])

    assert ask(client, "/api/v1/articles", 400, lang="zh-TW")["error"]["code"] == "unknown_language"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/articles", 200),
        ("/api/v1/articles/first", 200),
        ("/api/v1/search?q=coffee", 200),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/articles/secret", 404),
        ("/api/v1/search", 400),
    ],
)
def test_any_page_may_read_what_everybody_may_read_and_nothing_goes_with_it(
    path: str, status: int, filled: Shelf, client: Client
) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Set-Cookie" not in answer


def test_what_is_behind_a_token_is_for_no_other_page(filled: Shelf, client: Client) -> None:
    for door in (client.get, client.options, client.put):
        answer = door("/api/v1/editor/articles", headers={"Origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Origin" not in answer
