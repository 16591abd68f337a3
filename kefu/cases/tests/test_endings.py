"""My cases: rating what is resolved, and opening it again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kefu.cases import views
from kefu.cases.tests.test_mine import page, somebody
from kefu.conversations.actions import rate, resolve
from kefu.conversations.models import Conversation, Rating, Verdict
from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return make_house()


def resolved_case(house: House, client: Client) -> Conversation:
    return resolve(conversation=make_conversation(house, somebody(house, client)), by=house.mei)


def test_a_resolved_case_is_rated_with_one_tap_and_words_after(client, house):
    case = resolved_case(house, client)
    assert "问题解决了吗" in page(client)

    tapped = client.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "solved"})
    assert (tapped.status_code, tapped.headers["Location"]) == (
        302,
        f"/zh-hans/cases/?rated={case.ref}#{case.ref}",
    )
    assert "谢谢，每个字我们都会看" in page(client, tapped.headers["Location"])
    client.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "solved", "words": "很快"})

    assert Rating.objects.values_list("verdict", "words").get() == ("solved", "很快")
    assert 'value="solved" aria-pressed="true"' in page(client)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"verdict": "great"}, "请选一个"),
        ({"verdict": "solved", "words": "长" * 1001}, "超过 1,000 个字"),
    ],
)
def test_a_rating_that_cannot_be_taken_is_refused_with_a_sentence(client, house, values, sentence):
    case = resolved_case(house, client)
    client.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "not_solved"})

    answer = client.post(f"/zh-hans/cases/{case.ref}/rate/", values)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert values.get("words", "") in answer.content.decode()
    assert Rating.objects.values_list("verdict", "words").get() == ("not_solved", "")


def test_a_resolved_case_is_opened_again(client, house):
    case = resolved_case(house, client)

    for _ in range(2):
        assert client.post(f"/zh-hans/cases/{case.ref}/reopen/").status_code == 302

    case.refresh_from_db()
    assert not case.is_resolved
    assert "轮到我们" in page(client)
    assert client.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "solved"}).status_code == 409


def test_too_many_taps_are_told_to_wait(client, house, monkeypatch):
    case = resolved_case(house, client)
    monkeypatch.setattr(views, "ENDINGS", Limit("test.endings", 1, views.ENDINGS.per))
    client.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "solved"})

    for verb in ("rate", "reopen"):
        answer = client.post(f"/zh-hans/cases/{case.ref}/{verb}/", {"verdict": "not_solved", "words": "话"})
        assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
        assert ">话</textarea>" in answer.content.decode()


def test_mallory_neither_rates_nor_opens_a_case_again(client, house):
    case = resolved_case(house, client)
    mallory = Client()
    somebody(house, mallory)

    for browser in (mallory, Client()):
        assert browser.post(f"/zh-hans/cases/{case.ref}/rate/", {"verdict": "solved"}).status_code == 404
        assert browser.post(f"/zh-hans/cases/{case.ref}/reopen/").status_code == 404
    assert not Rating.objects.exists()


def test_ratings_cost_one_query_for_one_case_and_twenty(client, house, django_assert_num_queries):
    viewer = somebody(house, client)
    resolve(conversation=make_conversation(house, viewer), by=house.mei)
    page(client)
    with CaptureQueriesContext(connection) as for_one:
        page(client)
    for _ in range(19):
        resolve(conversation=make_conversation(house, viewer), by=house.mei)
    for conversation in Conversation.objects.all():
        rate(conversation=conversation, verdict=Verdict.SOLVED, by=viewer)

    with django_assert_num_queries(len(for_one)):
        page(client)
