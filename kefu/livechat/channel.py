"""Live chat as a channel: messages come and go over our own sockets, so there is nothing to fetch or to hand over."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from kefu.conversations.channels import (
    Capability,
    Channel,
    DeliveryFailed,
    Inbound,
    Outbound,
    Receipt,
    Untrusted,
    WayToReach,
)

KEY = "chat"


class LiveChat(Channel):
    key = KEY
    name = gettext_noop("Live chat")
    capabilities = frozenset({Capability.TYPING, Capability.SEEN, Capability.LIVE})

    def ways_to_reach(self) -> Sequence[WayToReach]:
        return [WayToReach(kind="chat", url_name="livechat:chat")]

    def deliver(self, message: Outbound) -> Receipt:  # noqa: ARG002 - the contract's signature
        """Delivered and seen are the participants' cursors; a delivery row for chat is a mistake."""
        raise DeliveryFailed("Live chat is read from the conversation itself.")

    def parse(self, request: HttpRequest) -> Sequence[Inbound]:  # noqa: ARG002 - the contract's signature
        """No network calls us for chat, so whoever claims to is not to be trusted."""
        raise Untrusted

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        return (), cursor

    def check(self) -> list[str]:
        return []
