"""Sending files over HTTPS: who may, in pieces, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import CustomerSession, Role
from kefu.conversations import upload_limits
from kefu.conversations.models import Attachment
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.file_clients import (
    as_agent,
    as_customer,
    as_somebody,
    begin,
    behind_a_link,
    put,
    with_cookie,
)
from kefu.conversations.verbs.checking import look_at_file
from kefu.conversations.views import uploads
from kefu.safety.files.kinds import FileKind
from kefu.safety.limits import Limit
from kefu.safety.tests.files import HTML, PDF, SVG, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    cache.clear()
    return make_house()


def test_a_file_goes_up_in_pieces_over_a_bad_network_and_is_one_file(house: House) -> None:
    conversation, content = make_conversation(house), picture("PNG", (200, 200), (1, 2, 3))
    client, client_id = as_customer(conversation), make_client_id()
    begun = begin(client, conversation, len(content), client_id=client_id).json()

    assert put(client, begun["key"], 0, content[:100]).json()["received"] == 100
    # The answer was lost; the page asks, or announces the file again, and goes on.
    assert client.get(f"/files/{begun['key']}/").json()["received"] == 100
    again = begin(client, conversation, len(content), client_id=client_id).json()
    lost = put(client, begun["key"], 0, content[:100])
    done = put(client, begun["key"], 100, content[100:]).json()

    assert (again["key"], again["received"]) == (begun["key"], 100)
    assert (lost.status_code, lost.json()["received"]) == (409, 100)
    assert (done["received"], done["state"]) == (len(content), "checking")
    assert Attachment.objects.count() == 1
    look_at_file(attachment_id=Attachment.objects.get().pk)
    assert client.get(f"/files/{begun['key']}/").json()["state"] == "ready"


def test_an_agent_and_whoever_holds_a_link_send_as_themselves(house: House) -> None:
    conversation = make_conversation(house)

    by_agent = begin(as_agent(house.mei), conversation, 5, side="staff")
    by_link = begin(behind_a_link(conversation), conversation, 5)

    assert (by_agent.status_code, by_link.status_code) == (200, 200)
    assert list(Attachment.objects.order_by("pk").values_list("uploader", flat=True)) == [
        str(house.mei.actor),
        str(viewer_of(conversation).actor),
    ]


def test_a_token_is_as_good_as_a_cookie_and_a_wrong_one_is_nobodys(house: House) -> None:
    conversation = make_conversation(house)
    token = open_session(customer=conversation.customer)
    client, nobody = (Client(headers={"Authorization": f"Bearer {one}"}) for one in (token, "x" * 43))

    key = begin(client, conversation, len(PDF)).json()["key"]

    assert put(client, key, 0, PDF).json()["state"] == "checking"
    assert begin(nobody, conversation, 5).status_code == 404
    assert put(nobody, key, 0, PDF).status_code == 404


def test_mallory_neither_begins_nor_goes_on(house: House) -> None:
    conversation, elsewhere = make_conversation(house), make_conversation(house)
    own = as_customer(conversation)
    key = begin(own, conversation, 50).json()["key"]
    ended = as_customer(conversation)
    CustomerSession.objects.order_by("-pk")[:1].get()
    last = CustomerSession.objects.latest("pk")
    last.revoked_at = now()
    last.save(update_fields=["revoked_at"])
    mallories = {
        "nobody": Client(),
        "bearer of nothing": with_cookie(CUSTOMER_COOKIE, "x" * 43),
        "ended session": ended,
        "somebody else": as_somebody(house),
        "link of another conversation": behind_a_link(elsewhere),
        "another team": as_agent(house.stranger),
        "agent who says customer": as_agent(house.mei),
    }

    for who, mallory in mallories.items():
        assert begin(mallory, conversation, 5).status_code == 404, who
        assert put(mallory, key, 0, b"x").status_code == 404, who
        assert mallory.get(f"/files/{key}/").status_code == 404, who
    assert begin(own, conversation, 5, side="staff").status_code == 404
    assert (
        begin(as_agent(make_agent(house.team, role=Role.AUDITOR)), conversation, 5, side="staff").status_code
        == 403
    )
    assert Attachment.objects.get().received == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_other_sites_send_nothing(house: House, headers: dict[str, str]) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)
    key = begin(client, conversation, 5).json()["key"]

    assert begin(client, conversation, 5, headers).status_code == 403
    assert put(client, key, 0, b"x", headers).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"size": 0}, 400, "empty"),
        ({"size": 10**12}, 413, "too_large"),
        ({"size": -1}, 400, "malformed"),
        ({"client_id": "<>"}, 400, "malformed"),
        ({"name": "x" * 2_000}, 400, "malformed"),
        ({"ref": "../../etc"}, 400, "malformed"),
        ({"path": "/etc/passwd"}, 400, "malformed"),
    ],
)
def test_bad_announcements_are_told_why(
    house: House, changes: dict[str, Any], status: int, code: str
) -> None:
    conversation = make_conversation(house)

    answer = begin(as_customer(conversation), conversation, **({"size": 5} | changes))

    assert (answer.status_code, answer.json()["error"]) == (status, code)


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "٣", "9" * 40, "3"])
def test_a_piece_goes_nowhere_but_to_its_place(house: House, offset: str) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)
    key = begin(client, conversation, 5).json()["key"]

    answer = put(client, key, quote(offset), b"x")

    assert answer.status_code in {400, 409}
    assert Attachment.objects.get().received == 0


def test_the_same_client_id_for_another_file_and_a_full_conversation_are_told(
    house: House, settings: Settings
) -> None:
    settings.FILES_OF_A_CONVERSATION = 100
    conversation = make_conversation(house)
    client, client_id = as_customer(conversation), make_client_id()
    begin(client, conversation, 60, client_id=client_id)

    other = begin(client, conversation, 61, client_id=client_id)
    full = begin(client, conversation, 60)

    assert (other.status_code, other.json()["error"]) == (409, "conflict")
    assert (full.status_code, full.json()["error"]) == (413, "full")


def test_too_many_is_told_with_when_to_try_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_limits, "BEGUN_BY_ONE", Limit("test.files", 1, timedelta(minutes=10)))
    conversation = make_conversation(house)
    client = as_customer(conversation)
    begin(client, conversation, 5)

    answer = begin(client, conversation, 5)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_piece_that_is_too_large_is_refused(house: House) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)
    key = begin(client, conversation, 3_000_000).json()["key"]

    assert put(client, key, 0, bytes(uploads.LARGEST_PIECE + 1)).status_code == 413
    assert Attachment.objects.get().received == 0


def test_hostile_files_end_refused_and_are_served_to_nobody(house: House) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)
    for content in (SVG, HTML):
        key = begin(client, conversation, len(content)).json()["key"]

        ended = put(client, key, 0, content).json()

        assert (ended["state"], ended["problem"]) == ("refused", "kind")
        assert client.get(f"/files/{key}/content").status_code == 404
    assert FileKind.PICTURE not in Attachment.objects.values_list("kind", flat=True)
