"""How often the database is asked, and a lively thread to ask about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.conversations.actions import Cursor, Say, move_cursor, say
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_agent, make_client_id, viewer_of

# Beginning and ending a transaction asks nothing of any table.
FRAMING = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)\b")


class Asked(list[str]):
    def of(self, sqlite: int, postgresql: int) -> None:
        wanted = {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
        assert len(self) == wanted, "\n".join(statement[:300] for statement in self)


@contextmanager
def asking() -> Iterator[Asked]:
    asked = Asked()
    with CaptureQueriesContext(connection) as captured:
        yield asked
    asked += [query["sql"] for query in captured if not FRAMING.match(query["sql"])]


def fill(house: House, conversation: Conversation, number: int, people: int = 1) -> None:
    """A lively thread: the customer and so many colleagues in turn, each of whom has read it."""
    colleagues = [make_agent(house.team, f"同事{n}") for n in range(people)]
    sides = [viewer_of(conversation), *colleagues]
    at_once = [
        Say(
            conversation_id=conversation.pk,
            by=sides[n % len(sides)],
            client_id=make_client_id(),
            content=f"第 {n} 句",
        )
        for n in range(number)
    ]
    say(at_once)
    move_cursor(
        [Cursor(conversation_id=conversation.pk, by=by, delivered=number, seen=number) for by in sides]
    )
    conversation.refresh_from_db()
