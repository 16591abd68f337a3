"""Browsers that send and fetch files: a customer's, a link holder's, an agent's."""

from __future__ import annotations

from typing import Any

from django.test import Client

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import Customer
from kefu.conversations.actions import Said, Say, say
from kefu.conversations.models import Attachment, Conversation, Visibility
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_viewer,
    viewer_of,
)
from kefu.conversations.tests.staff import staff_cookies
from kefu.conversations.tests.uploads import send_and_check

OURS = {"Sec-Fetch-Site": "same-origin"}


def as_customer(conversation: Conversation) -> Client:
    return with_cookie(CUSTOMER_COOKIE, open_session(customer=conversation.customer))


def as_somebody(house: House) -> Client:
    return with_cookie(
        CUSTOMER_COOKIE, open_session(customer=Customer.objects.get(pk=make_viewer(house).customer_id))
    )


def behind_a_link(conversation: Conversation) -> Client:
    token = open_session(customer=conversation.customer, only_conversation_id=conversation.pk)
    return with_cookie(LINK_COOKIE, token)


def as_agent(agent: Any) -> Client:
    client = Client()
    for name, value in staff_cookies(agent).items():
        client.cookies[name] = value
    return client


def with_cookie(name: str, token: str) -> Client:
    client = Client()
    client.cookies[name] = token
    return client


def begin(
    client: Client, conversation: Conversation, size: int, headers: dict[str, str] = OURS, **said: Any
) -> Any:
    body = {"ref": conversation.ref, "client_id": make_client_id(), "name": "a.png", "size": size} | said
    return client.post("/files/", body, content_type="application/json", headers=headers)


def put(client: Client, key: str, offset: int | str, piece: bytes, headers: dict[str, str] = OURS) -> Any:
    return client.put(
        f"/files/{key}/",
        piece,
        content_type="application/octet-stream",
        headers=headers | {"Upload-Offset": str(offset)},
    )


def status(client: Client, path: str) -> int:
    """With the body read to its end, which closes the file."""
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def said(
    conversation: Conversation, content: bytes, *, name: str = "a.png", by: Any = None, note: bool = False
) -> Attachment:
    """A file that stands in a message, checked."""
    by = by or viewer_of(conversation)
    file = send_and_check(conversation, by, content, name=name)
    conversation.refresh_from_db()
    is_customers = by == viewer_of(conversation)
    answer = say(
        [
            Say(
                conversation_id=conversation.pk,
                by=by,
                client_id=make_client_id(),
                content="",
                files=(file.key,),
                visibility=Visibility.STAFF if note else Visibility.CUSTOMER,
                spoken_seq=None if is_customers or note else conversation.spoken_seq,
            )
        ]
    )[0]
    assert isinstance(answer, Said)
    file.refresh_from_db()
    return file
