"""The channel contract: how a way of writing to us takes part in conversations. Adapters never touch our tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.http import HttpRequest


class Capability(StrEnum):
    """What a channel can do; pages and composers obey it."""

    TYPING = "typing"
    SEEN = "seen"
    LIVE = "live"


class Untrusted(PermissionError):
    """A request claims to come from the network and its signature is wrong."""


class DeliveryFailed(RuntimeError):
    """The network did not take it. `retry_after` is None when trying again is no use."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class WayToReach:
    """A line of the contact page: the kind of way and where it leads within our own pages, if it does."""

    kind: str
    url_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """Something said on the network, as values. `external_id` is unique within the channel account."""

    channel_account: str
    external_id: str
    sender: str
    text: str
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """A message to be delivered, as values."""

    channel_account: str
    recipient: str
    text: str
    idempotency_key: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    external_id: str
    accepted_at: datetime


class Channel(ABC):
    """One way of writing to us. `key` names it in rows and code; `name` is the msgid that people read."""

    key: str
    name: str
    capabilities: frozenset[Capability]

    @abstractmethod
    def ways_to_reach(self) -> Sequence[WayToReach]:
        """What the contact page prints for it."""

    @abstractmethod
    def deliver(self, message: Outbound) -> Receipt:
        """Hand a message to the network; raises DeliveryFailed."""

    @abstractmethod
    def parse(self, request: HttpRequest) -> Sequence[Inbound]:
        """What a webhook's request says; raises Untrusted."""

    @abstractmethod
    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """What came after the cursor, and the new cursor."""

    @abstractmethod
    def check(self) -> list[str]:
        """What is missing before this channel can work; empty when it is configured."""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    _channels[channel.key] = channel


def channel(key: str) -> Channel:
    return _channels[key]


def channels() -> Sequence[Channel]:
    return tuple(_channels.values())
