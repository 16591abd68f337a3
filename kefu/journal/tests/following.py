"""A listener for tests, and what makes it follow."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.journal.listeners import Listener, Listeners
from kefu.journal.models import Entry, ListenerCursor
from kefu.journal.tests.facts import Happened


class Follows:
    """A listener that remembers what it was given, and refuses some of it."""

    def __init__(self, name: str = "tests.follows") -> None:
        self.ids: list[int] = []
        self.refused: set[int] = set()
        self.listener = Listener(name, frozenset({Happened.kind}), self.run)

    def run(self, entry: Entry) -> None:
        if entry.pk in self.refused:
            raise ValueError("林小美 said something private")
        # What was rolled back did not happen.
        transaction.on_commit(lambda: self.ids.append(entry.pk))

    @property
    def cursor(self) -> ListenerCursor:
        return ListenerCursor.objects.get(pk=self.listener.name)


def follow_all(listeners: Listeners) -> None:
    while listeners.step():
        pass


def the_wait_is_over() -> None:
    ListenerCursor.objects.update(retry_at=now() - timedelta(seconds=1))
