"""The cookie that says which customer this is. Set by a POST, never by a GET."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase

from kefu.accounts.people.customers import SESSION_FOR

CUSTOMER_COOKIE = "kefu_customer"


def set_customer_cookie(response: HttpResponseBase, token: str) -> None:
    response.set_cookie(
        CUSTOMER_COOKIE,
        token,
        max_age=SESSION_FOR,
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def clear_customer_cookie(response: HttpResponseBase) -> None:
    response.delete_cookie(CUSTOMER_COOKIE, path="/", samesite="Lax")
