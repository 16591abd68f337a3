"""What every channel must keep: adapters' tests inherit this and give the channel."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils.translation import gettext, override

from kefu.conversations.channels import (
    Capability,
    Channel,
    DeliveryFailed,
    Inbound,
    Outbound,
    Receipt,
    Untrusted,
    channel,
)


class ChannelContract:
    """`channel` is the adapter; `recipient` somebody whom its double can reach, or None if it delivers nothing."""

    channel: Channel
    recipient: str | None = None

    def test_it_is_registered_under_its_key(self):
        assert channel(self.channel.key) is not None
        assert type(channel(self.channel.key)) is type(self.channel)

    def test_its_name_is_said_in_every_language(self):
        for language in ("zh-hans", "zh-hant"):
            with override(language):
                assert gettext(self.channel.name) != self.channel.name

    def test_what_it_can_do_is_a_closed_list(self):
        assert self.channel.capabilities <= frozenset(Capability)

    def test_an_unsigned_request_is_not_trusted(self):
        request = RequestFactory().post("/webhook/", data=b"{}", content_type="application/json")

        with pytest.raises(Untrusted):
            self.channel.parse(request)

    def test_polling_gives_values_and_a_cursor(self):
        inbound, cursor = self.channel.poll("")

        assert isinstance(cursor, str)
        assert all(isinstance(one, Inbound) for one in inbound)

    def test_what_is_delivered_twice_with_one_key_is_one_message(self):
        message = Outbound(
            channel_account="", recipient=self.recipient or "", text="你好", idempotency_key="one"
        )
        if self.recipient is None:
            with pytest.raises(DeliveryFailed):
                self.channel.deliver(message)
            return
        first, second = self.channel.deliver(message), self.channel.deliver(message)

        assert isinstance(first, Receipt)
        assert first.external_id == second.external_id

    def test_what_is_missing_is_said_in_sentences(self):
        assert all(isinstance(sentence, str) for sentence in self.channel.check())
