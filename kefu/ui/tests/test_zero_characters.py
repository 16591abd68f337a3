"""Where a zero character is looked for, and what it does there."""

from __future__ import annotations

import json

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kefu.ui.zero_characters import is_in_json, known_characters


def test_an_address_with_a_zero_character_comes_to_no_view() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        raise AssertionError("A view was asked.")

    with pytest.raises(Http404):
        known_characters(view)(RequestFactory().get("/files/abc%00/content"))


@pytest.mark.django_db
def test_such_an_address_is_answered_with_the_page_for_what_is_not_there(client: Client) -> None:
    answer = client.get("/en/articles/deposit%00/")

    assert answer.status_code == 404
    assert "<html" in answer.content.decode()


def test_a_cookie_with_one_comes_to_no_view() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(json.dumps(request.COOKIES))

    request = RequestFactory().get("/en/", headers={"Cookie": 'bad="a\\000b"; good=1'})

    assert json.loads(known_characters(view)(request).content) == {"good": "1"}


@pytest.mark.parametrize(
    "text", ["", "a", "\\u0000", "\\\\u0000", "0000", "\\", "\\\\", "u0000", '"\\u0000"', "\x01", "钱"]
)
def test_in_json_it_is_told_from_a_text_about_it(text: str) -> None:
    for ascii_only in (True, False):
        assert not is_in_json(json.dumps({"text": text}, ensure_ascii=ascii_only))
        for holding in (text + "\0", "\0" + text, f"{text}\0{text}"):
            raw = json.dumps({"text": holding}, ensure_ascii=ascii_only)
            assert is_in_json(raw)
            assert is_in_json(raw.encode())
