"""A house whose chat can be asked, and the posts that a window sends."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer

OPEN = "/zh-hans/chat/open/"
LINK = "/zh-hans/chat/private-link/"
numbers = count(1)


def make_question(**changes: Any) -> dict[str, Any]:
    asked = {
        "topic": "account",
        "text": "昨晚充的 1,250 USDT 还没到账",
        "client_id": f"window-{next(numbers):012d}",
    }
    return asked | {"language": "zh-hans", "zone": "Asia/Shanghai"} | changes


def post(client: Client, path: str, values: Any, **headers: str) -> Any:
    """As a window of our own page does."""
    return client.post(
        path, values, content_type="application/json", headers={"Sec-Fetch-Site": "same-origin"} | headers
    )


def ask(client: Client, **changes: Any) -> Any:
    return post(client, OPEN, make_question(**changes))


def sign_in(client: Client, customer: Customer) -> None:
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=customer)
