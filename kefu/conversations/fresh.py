"""What this process has just committed, kept for the moment until it is delivered: nobody need read it again.

For live delivery alone. What is replayed or shown on a page is always drawn from today's rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db.models.base import ModelState

from kefu.accounts.models import Agent, Customer
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.nouns.message import Message
from kefu.journal import prepared, rows
from kefu.journal.models import Entry

if TYPE_CHECKING:
    from kefu.conversations.drawing import Material

Key = TypeVar("Key")
Kept = TypeVar("Kept")
# A few batches' worth: what nobody here listens to is never fetched, and makes room for what comes.
MOST = 1_024


class Known(NamedTuple):
    """A conversation as it was committed here last; all that changed it since this seq was committed here, and kept."""

    row: Conversation
    since: int


class Ahead(NamedTuple):
    """What one batch did in a conversation, and what it takes to draw that, where somebody listened for staff at the time."""

    conversation: Conversation
    entries: list[Entry]
    material: Material | None


class Fresh:
    """Rows as they were committed, by id; safe from any thread. Without somebody who delivers them nothing is kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_delivered = False
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._conversations: OrderedDict[int, Known] = OrderedDict()
        # By the conversation and the first place.
        self._ahead: OrderedDict[tuple[int, int], Ahead] = OrderedDict()

    def keep(
        self,
        messages: Iterable[Message],
        conversations: Iterable[Conversation],
        *,
        began: Mapping[int, int],
        ahead: Iterable[Ahead] = (),
    ) -> None:
        """Call it after the commit. `began` gives the seq of each of the conversations before this change."""
        with self._lock:
            if not self._is_delivered:
                return
            _keep(self._messages, ((one.id, one) for one in messages))
            _keep(
                self._conversations, ((one.id, self._followed(one, began[one.id])) for one in conversations)
            )
            _keep(self._ahead, ((_place_of(one.entries[0]), one) for one in ahead))

    def _followed(self, row: Conversation, began: int) -> Known:
        known = self._conversations.get(row.id)
        if known is None or known.row.seq < began:
            # Who knows what happened between: it may have been erased.
            return Known(row, began + 1)
        # Of two commits the later one may come here first.
        return Known(row, known.since) if known.row.seq == began else known

    def messages(self, message_ids: Iterable[int]) -> dict[int, Message]:
        """Those of these that are here; each is given once, for it is drawn for everybody at once."""
        with self._lock:
            found = ((pk, self._messages.pop(pk, None)) for pk in message_ids)
            return {pk: message for pk, message in found if message is not None}

    def conversations(self, entries: Sequence[Entry]) -> dict[int, Known]:
        """Conversations as the last of these entries left them, or as they were left later if all of that was done here, by
        what is kept. Those that were changed otherwise since are not among them. They are kept for the next one: nobody
        changes them, or puts in place what belongs to them, which is as it is now.
        """
        last = {entry.conversation_id: entry.seq for entry in entries if entry.conversation_id and entry.seq}
        with self._lock:
            known = ((pk, self._conversations.get(pk)) for pk in last)
            return {pk: one for pk, one in known if one is not None and one.since <= last[pk] <= one.row.seq}

    @property
    def has_ahead(self) -> bool:
        """Whether to ask at all: what others committed comes by the thousand."""
        return bool(self._ahead)

    def ahead(self, entries: Sequence[Entry]) -> list[Ahead] | None:
        """Of exactly these entries of one conversation; None if not all is here. None of it is kept longer."""
        with self._lock:
            popped = (self._ahead.pop(_place_of(entry), None) for entry in entries)
            found = [one for one in popped if one is not None]
        drawn = [_place_of(entry) for one in found for entry in one.entries]
        return found if drawn == [_place_of(entry) for entry in entries] else None

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
            self._ahead.clear()


def _place_of(entry: Entry) -> tuple[int, int]:
    return entry.conversation_id or 0, entry.seq or 0


def _keep(into: OrderedDict[Key, Kept], rows: Iterable[tuple[Key, Kept]]) -> None:
    for key, row in rows:
        into[key] = row
        into.move_to_end(key)
    while len(into) > MOST:
        into.popitem(last=False)


fresh = Fresh()
_topics: dict[int, Topic] = {}
# Not the phrase in their letters, which is no business of the desk's and would be decrypted for each message.
DRAWN_OF_CUSTOMERS = ("brand", "name", "language", "zone", "level")


class Beside(NamedTuple):
    """What belongs to conversations, by id: as it is now, and put in place nowhere, for the rows are everybody's."""

    topics: Mapping[int, Topic]
    customers: Mapping[int, Customer]
    agents: Mapping[int, Agent]

    def can_draw(self, conversation: Conversation) -> bool:
        """What was deleted since its commit is left out, and holds up nobody else's news."""
        return vars(conversation)["topic_id"] in self.topics

    def can_draw_for_staff(self, conversation: Conversation) -> bool:
        return self.can_draw(conversation) and vars(conversation)["customer_id"] in self.customers


def topics_beside(conversations: Iterable[Conversation]) -> Mapping[int, Topic]:
    """Their topics, and others. A topic's key, which is all that is drawn of it, never changes."""
    missing = {vars(one)["topic_id"] for one in conversations} - _topics.keys()
    if missing:
        _topics.update({topic.pk: topic for topic in rows.fetch(Topic, "id", missing)})
    return _topics


def beside(conversations: Sequence[Conversation]) -> Beside:
    """What it takes to draw them towards staff: their topics, and customers and assignees in one exchange."""
    topics = topics_beside(conversations)
    with prepared.together():
        customer_ids = {vars(one)["customer_id"] for one in conversations}
        customers_soon = rows.fetch_soon(Customer, "id", customer_ids, only=DRAWN_OF_CUSTOMERS)
        agents_soon = rows.fetch_soon(
            Agent, "id", {vars(one)["assignee_id"] for one in conversations} - {None}
        )
    return Beside(topics, {one.id: one for one in customers_soon()}, {one.pk: one for one in agents_soon()})


def with_people(conversations: Sequence[Conversation]) -> list[Conversation]:
    """Copies of those that can be drawn towards staff, with what belongs to them in place."""
    theirs = beside(conversations)
    here = [_copy_of(one) for one in conversations if theirs.can_draw_for_staff(one)]
    for one in here:
        row = vars(one)
        rows.relate(one, "topic", theirs.topics[row["topic_id"]])
        rows.relate(one, "customer", theirs.customers[row["customer_id"]])
        rows.relate(one, "assignee", theirs.agents.get(row["assignee_id"]))
    return here


def _copy_of(row: Conversation) -> Conversation:
    """The same row of the table, without what was put in place beside it."""
    one = Conversation.__new__(Conversation)
    one.__dict__.update(vars(row))
    one._state = ModelState()
    one._state.adding, one._state.db = row._state.adding, row._state.db
    return one
