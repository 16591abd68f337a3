"""Settings pages that there are. Rooms register theirs in apps.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from kefu.accounts.people.agents import Agent


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """`opens_for` says who is offered the page; what they may change there, each action asks for itself."""

    key: str
    url_name: str
    name: Promise
    says: Promise
    icon: str
    place: int
    opens_for: Callable[[Agent], bool]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_pages: dict[str, SettingsPage] = {}


def register(page: SettingsPage) -> None:
    _pages[page.key] = page


def page_called(key: str) -> SettingsPage:
    return _pages[key]


def pages_for(agent: Agent) -> list[SettingsPage]:
    """The pages that this agent may open, in the order of the list."""
    return [page for page in sorted(_pages.values(), key=lambda page: page.place) if page.opens_for(agent)]
