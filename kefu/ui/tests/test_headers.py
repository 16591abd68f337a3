from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from kefu.ui.middleware import POLICY, security_headers


def answer(response: HttpResponse, request: HttpRequest | None = None) -> HttpResponse:
    return security_headers(lambda _: response)(request or RequestFactory().get("/en/"))


def test_no_foreign_script_style_frame_or_form_is_let_in() -> None:
    policy = answer(HttpResponse()).headers["Content-Security-Policy"]

    assert policy == POLICY
    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in policy.split("; ")


def test_a_page_says_nothing_about_itself_to_others() -> None:
    headers = answer(HttpResponse()).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]


def test_a_view_may_be_stricter_by_itself() -> None:
    response = HttpResponse(
        headers={"Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'"}
    )

    headers = answer(response).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == "default-src 'none'"


def test_nothing_is_stored_unless_a_view_says_so() -> None:
    assert answer(HttpResponse()).headers["Cache-Control"] == "no-store"
    assert (
        answer(HttpResponse(headers={"Cache-Control": "public, max-age=60"})).headers["Cache-Control"]
        == "public, max-age=60"
    )


def test_a_page_that_hands_out_a_cookie_is_never_stored() -> None:
    response = HttpResponse(headers={"Cache-Control": "public, max-age=60"})
    response.set_cookie("kefu_customer", "x")

    assert answer(response).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("is_secure", "said"), [(True, "max-age=31536000"), (False, None)])
def test_browsers_are_told_to_stay_on_https_where_there_is_https(
    settings: Settings, is_secure: bool, said: str | None
) -> None:
    settings.SECURE_COOKIES = is_secure

    assert answer(HttpResponse()).headers.get("Strict-Transport-Security") == said
