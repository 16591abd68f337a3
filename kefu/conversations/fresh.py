"""What this process has just committed, kept for the moment until it is delivered: nobody need read it again.

For live delivery alone. What is replayed or shown on a page is always drawn from today's rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TypeVar

from kefu.accounts.models import Agent, Customer
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.nouns.message import Message
from kefu.journal import rows
from kefu.journal.models import Entry

Row = TypeVar("Row", Message, Conversation)
# A few batches' worth: what nobody here listens to is never fetched, and makes room for what comes.
MOST = 1_024


class Fresh:
    """Rows as they were committed, by id; safe from any thread. Without somebody who delivers them nothing is kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_delivered = False
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._conversations: OrderedDict[int, Conversation] = OrderedDict()

    def keep(self, messages: Iterable[Message], conversations: Iterable[Conversation]) -> None:
        """Call it after the commit."""
        with self._lock:
            if not self._is_delivered:
                return
            _keep(self._messages, messages)
            _keep(self._conversations, conversations)

    def messages(self, message_ids: Iterable[int]) -> dict[int, Message]:
        """Those of these that are here; each is given once, for it is drawn for everybody at once."""
        with self._lock:
            found = ((pk, self._messages.pop(pk, None)) for pk in message_ids)
            return {pk: message for pk, message in found if message is not None}

    def conversations(self, entries: Sequence[Entry]) -> dict[int, Conversation]:
        """Conversations as the last of these entries left them. Those that have changed since are not among them."""
        last = {entry.conversation_id: entry.seq for entry in entries if entry.conversation_id and entry.seq}
        with self._lock:
            known = ((pk, self._conversations.get(pk)) for pk in last)
            return {pk: row for pk, row in known if row is not None and row.seq == last[pk]}

    def begin(self) -> None:
        """From now on this process delivers what it commits."""
        self._is_delivered = True

    def end(self) -> None:
        self._is_delivered = False
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._messages.clear()
            self._conversations.clear()


def _keep(into: OrderedDict[int, Row], rows: Iterable[Row]) -> None:
    for row in rows:
        into.pop(row.pk, None)
        into[row.pk] = row
    while len(into) > MOST:
        into.popitem(last=False)


fresh = Fresh()
_topics: dict[int, Topic] = {}


def with_topics(conversations: Sequence[Conversation]) -> None:
    """Put their topics in place; a topic's key, which is all that is drawn of it, never changes."""
    missing = {one.topic_id for one in conversations} - _topics.keys()
    if missing:
        _topics.update({topic.pk: topic for topic in rows.fetch(Topic, "id", missing)})
    for one in conversations:
        one.topic = _topics[one.topic_id]


def with_people(conversations: Sequence[Conversation]) -> None:
    """Put customers and assignees in place as they are now, with a query each, for drawing towards staff."""
    with_topics(conversations)
    # Desk and thread draw the same rows, one after the other.
    bare = [one for one in conversations if "customer" not in one._state.fields_cache]
    customers = {one.pk: one for one in rows.fetch(Customer, "id", {one.customer_id for one in bare})}
    agents = {one.pk: one for one in rows.fetch(Agent, "id", {one.assignee_id for one in bare} - {None})}
    for one in bare:
        one.customer = customers[one.customer_id]
        one.assignee = agents.get(one.assignee_id or 0)
