"""Opening a conversation at the desk asks as often for a long thread of many people as for a short one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kefu.conversations.tests.factories import make_conversation, make_house
from kefu.conversations.tests.queries import asking, fill
from kefu.desk.tests.test_desk import at_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("number", "people"), [(5, 1), (500, 12)])
def test_opening_a_thread_at_the_desk(number: int, people: int) -> None:
    house = make_house()
    conversation = make_conversation(house)
    fill(house, conversation, number, people)
    desk = at_desk(house.mei)
    address = reverse("desk:conversation", args=[conversation.ref])
    desk.get(address)

    with asking() as asked:
        answer = desk.get(address)

    assert answer.json()["snapshot"]["seq"] >= number
    asked.of(sqlite=18, postgresql=18)
