"""Live chat keeps the channel contract: nothing to fetch, nothing to hand over, nobody to trust from outside."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils.timezone import now

from kefu.conversations.channels import DeliveryFailed, Outbound, Untrusted, channel, channels
from kefu.conversations.tests.channel_contract import ChannelContract
from kefu.livechat.channel import LiveChat


def test_the_room_registers_its_channel() -> None:
    assert isinstance(channel("chat"), LiveChat)
    assert [one.key for one in channels()].count("chat") == 1


def test_it_leads_to_a_page_that_exists() -> None:
    (way,) = LiveChat().ways_to_reach()

    assert (way.kind, reverse(way.url_name)) == ("chat", "/zh-hans/chat/")


def test_nothing_is_delivered_parsed_or_fetched() -> None:
    chat = LiveChat()
    message = Outbound(channel_account="", recipient="1", text="好", idempotency_key=f"{now():%s}")

    with pytest.raises(DeliveryFailed) as failure:
        chat.deliver(message)
    with pytest.raises(Untrusted):
        chat.parse(RequestFactory().post("/"))
    assert failure.value.retry_after is None
    assert (chat.poll("here"), chat.check()) == (((), "here"), [])


class TestContract(ChannelContract):
    channel = LiveChat()
