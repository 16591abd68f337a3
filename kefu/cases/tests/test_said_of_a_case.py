"""What is said of one case, and what was typed about it, is seen wherever that case stands."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.accounts import announcing
from kefu.accounts.viewers import CustomerViewer
from kefu.cases import views
from kefu.cases.tests.test_endings import resolved_case
from kefu.cases.tests.test_mine import page, proven
from kefu.conversations.actions import rate, reopen, resolve
from kefu.conversations.models import Conversation, Verdict
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db(transaction=True)

OF_ALL = "/zh-hans/cases/"


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    return make_house()


def oldest_of_twenty_one(house: House, client: Client) -> Conversation:
    viewer = CustomerViewer(proven(house, client).pk, house.brand.pk)
    case = resolve(conversation=make_conversation(house, viewer), by=house.mei)
    for _ in range(views.CASES_A_PAGE):
        make_conversation(house, viewer)
    rate(conversation=case, verdict=Verdict.NOT_SOLVED, by=viewer)
    assert case.ref not in page(client)
    return case


def test_what_is_said_of_a_case_on_the_second_page_is_seen(client, house):
    case = oldest_of_twenty_one(house, client)
    door = f"{OF_ALL}{case.ref}/"

    long = client.post(f"{door}rate/", {"verdict": "solved", "words": "长" * 1001}).content.decode()
    assert "超过 1,000 个字" in long
    assert f">{'长' * 1001}</textarea>" in long
    assert f'href="{OF_ALL}?page=1"' in long
    assert "正在发往" in client.post(f"{door}transcript/").content.decode()
    thanked = client.post(f"{door}rate/", {"verdict": "solved"}).headers["Location"]
    assert "谢谢，每个字我们都会看" in page(client, thanked)
    opened = client.post(f"{door}reopen/").headers["Location"]
    assert f'<li id="{case.ref}">' in page(client, opened)


def test_a_page_that_is_asked_for_is_shown_whatever_case_is_named_of_others(client, house):
    case = oldest_of_twenty_one(house, client)
    theirs = make_conversation(house)

    assert case.ref in page(client, f"{OF_ALL}?page=2&rated={theirs.ref}")
    # Its name alone goes along in the links to other languages, as all that was asked for.
    assert f'id="{theirs.ref}"' not in page(client, f"{OF_ALL}?case={theirs.ref}")


@pytest.mark.parametrize("words", ["那时还没好", "长" * 1001])
def test_words_about_what_was_opened_again_meanwhile_stay_with_the_reason(client, house, words):
    case = resolved_case(house, client)
    reopen(conversation=case, by=viewer_of(case))

    answer = client.post(f"{OF_ALL}{case.ref}/rate/", {"verdict": "solved", "words": words})

    assert answer.status_code in {400, 409}
    assert "这个会话又打开了，现在还不用评价。" in answer.content.decode()
    assert f">{words}</textarea>" in answer.content.decode()


def test_words_about_what_was_resolved_anew_stay_and_go_with_a_tap(client, house, monkeypatch):
    case = resolved_case(house, client)
    monkeypatch.setattr(views, "ENDINGS", Limit("test.endings.anew", 0, views.ENDINGS.per))

    answer = client.post(f"{OF_ALL}{case.ref}/rate/", {"verdict": "solved", "words": "话"}).content.decode()

    assert ">话</textarea>" in answer
    assert 'name="verdict" value=""' not in answer


@pytest.mark.parametrize(
    "form",
    ["address/", "phrase/", "{ref}/transcript/", "{ref}/rate/"],
    ids=["address", "phrase", "letter", "rate"],
)
def test_what_a_form_answers_leads_to_where_the_page_can_be_asked_for(client, house, form):
    viewer = CustomerViewer(proven(house, client).pk, house.brand.pk)
    case = resolve(conversation=make_conversation(house, viewer), by=house.mei)

    answer = client.post(f"{OF_ALL}{form.format(ref=case.ref)}?x=1", {"email": "x", "phrase": "x"})

    drawn = answer.content.decode()
    assert 'href="/en/cases/" lang="en"' in drawn
    assert 'href="/ui/zh-hans/time-zone/?next=/zh-hans/cases/"' in drawn
    assert "x%3D1" not in drawn
