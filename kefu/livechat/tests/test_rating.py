"""The window's doors for what is resolved: rating it, and opening it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kefu.accounts.models import Customer
from kefu.conversations.actions import make_private_link, resolve
from kefu.conversations.models import Conversation, Rating
from kefu.conversations.tests.factories import House, make_conversation, make_house, make_viewer, viewer_of
from kefu.livechat import views
from kefu.livechat.tests.factories import post, sign_in
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db

RATE, REOPEN = "/en/chat/rate/", "/en/chat/reopen/"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def done(house: House, client: Client) -> Conversation:
    conversation = make_conversation(house)
    sign_in(client, Customer.objects.get(pk=conversation.customer_id))
    return resolve(conversation=conversation, by=house.mei)


def rate(client: Client, conversation: Conversation, **changes: Any) -> Any:
    return post(client, RATE, {"ref": conversation.ref, "verdict": "solved"} | changes)


def test_a_tap_and_words_are_kept(client: Client, done: Conversation) -> None:
    assert rate(client, done, words="很快，谢谢").status_code == 200

    rating = Rating.objects.get()
    assert (rating.verdict, str(rating.words)) == ("solved", "很快，谢谢")


@pytest.mark.parametrize("changes", [{"verdict": "great"}, {"words": 7}, {"ref": "no"}, {"stars": 5}])
def test_what_cannot_be_read_is_refused_in_words(client: Client, done: Conversation, changes: Any) -> None:
    answer = rate(client, done, **changes)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not Rating.objects.exists()


def test_words_without_end_are_refused(client: Client, done: Conversation) -> None:
    answer = rate(client, done, words="长" * 1001)

    assert (answer.status_code, answer.json()["code"]) == (400, "words_too_long")


def test_what_is_open_again_cannot_be_rated(client: Client, done: Conversation) -> None:
    assert post(client, REOPEN, {"ref": done.ref}).status_code == 200

    answer = rate(client, done)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_resolved")
    done.refresh_from_db()
    assert not done.is_resolved


def test_opening_what_is_open_changes_nothing(house: House, client: Client, done: Conversation) -> None:
    for _ in range(2):
        assert post(client, REOPEN, {"ref": done.ref}).status_code == 200


def test_whoever_holds_its_link_may_rate_it(client: Client, done: Conversation) -> None:
    token = make_private_link(conversation=done, viewer=viewer_of(done))
    holder = Client()
    holder.get(f"/en/chat/link/{token}/")

    assert rate(holder, done, verdict="not_solved").status_code == 200


def test_mallory_gets_neither_door(house: House, client: Client, done: Conversation) -> None:
    mallory = Client()
    sign_in(mallory, Customer.objects.get(pk=make_viewer(house).customer_id))

    for browser in (mallory, Client()):
        assert rate(browser, done).status_code == 404
        assert post(browser, REOPEN, {"ref": done.ref}).status_code == 404
    assert post(client, RATE, {}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post(client, REOPEN, {}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    done.refresh_from_db()
    assert done.is_resolved
    assert not Rating.objects.exists()


def test_too_many_taps_are_told_to_wait(
    client: Client, done: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "RATED", Limit("test.rated", 1, views.RATED.per))
    rate(client, done)

    answer = rate(client, done, verdict="not_solved")

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert Rating.objects.get().verdict == "solved"
