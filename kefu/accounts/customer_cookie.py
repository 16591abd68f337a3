"""The cookies of customers: one says who they are, set by a POST and never by a GET; one opens what a private link opens."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponseBase

from kefu.accounts.people.customers import SESSION_FOR

CUSTOMER_COOKIE = "kefu_customer"
LINK_COOKIE = "kefu_link"


def set_customer_cookie(response: HttpResponseBase, token: str) -> None:
    _set(response, CUSTOMER_COOKIE, token, lasts=SESSION_FOR)


def set_link_cookie(response: HttpResponseBase, token: str) -> None:
    """For this visit, and beside the other: whoever sends a link to somebody must not become them."""
    _set(response, LINK_COOKIE, token, lasts=None)


def clear_customer_cookies(response: HttpResponseBase) -> None:
    for name in (CUSTOMER_COOKIE, LINK_COOKIE):
        response.delete_cookie(name, path="/", samesite="Lax")


def _set(response: HttpResponseBase, name: str, token: str, *, lasts: timedelta | None) -> None:
    """Without a time the browser forgets it when it is closed."""
    response.set_cookie(
        name, token, max_age=lasts, path="/", secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
    )
