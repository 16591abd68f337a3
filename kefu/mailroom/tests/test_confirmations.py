"""Which questions are confirmed by letter, of those that find nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.accounts.actions import claim_email
from kefu.accounts.models import Customer
from kefu.conversations.actions import open_conversation, say
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_client_id, make_viewer, reply_to
from kefu.conversations.verbs import opening
from kefu.mailroom.tests.factories import make_open_house
from kefu.mailroom.tests.sink import Sink
from kefu.mailroom.tests.test_notices import let_the_house_work
from kefu.safety.limits import Limit
from kefu.waiting.models import WeeklyHours

pytestmark = pytest.mark.django_db(transaction=True)


def ask(house, *, address: str) -> Conversation:
    viewer = make_viewer(house)
    claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=address)
    return open_conversation(
        viewer=viewer,
        topic=house.topic,
        language="zh-hans",
        channel="chat",
        client_id=make_client_id(),
        content="充的币还没到账",
        asked_from="203.0.113.7",
    ).conversation


def test_one_network_has_only_so_many_strangers_written_to_but_every_answer_is_announced(
    settings, monkeypatch
):
    monkeypatch.setattr(opening, "CONFIRMED", Limit("one", 1, timedelta(days=1)))
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        house = make_open_house()
        WeeklyHours.objects.all().delete()
        conversations = [ask(house, address=f"stranger{number}@mail.example") for number in range(3)]

        let_the_house_work()
        assert [taken.recipient for taken in sink.taken] == ["stranger0@mail.example"]

        say([reply_to(conversations[2], house.mei)])
        let_the_house_work()
        assert [taken.recipient for taken in sink.taken[1:]] == ["stranger2@mail.example"]
        assert conversations[2].ref in str(sink.taken[1].message["Subject"])
