"""How far somebody has a conversation, and has seen it: many at once, forwards only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import CursorMoved
from kefu.conversations.fresh import fresh
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.verbs.counting import fact, staff_fact
from kefu.journal import prepared, rows
from kefu.journal.actions import record_all
from kefu.journal.actor import Actor, agent_actor, customer_actor
from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """`delivered` and `seen` are in the mover's own counting: seq for staff, customer_seq for the customer."""

    conversation_id: int
    by: Agent | CustomerViewer
    delivered: int
    seen: int


@dataclass(frozen=True)
class Move:
    """A participant who is further now, and where they were before."""

    participant: Participant
    delivered_before: int
    seen_before: int


@dataclass(frozen=True)
class Places:
    """Where the last message up to each cursor is in the other side's counting, and in one's own the last of theirs."""

    delivered: int
    seen: int
    heard_delivered: int
    heard_seen: int


Participants = dict[tuple[int, Actor], Participant]


@transaction.atomic
def move_cursor(cursors: Sequence[Cursor]) -> int:
    """Move what moves forward; of how many the other side is told. The number of queries is always the same.

    Only what the other side said is worth a new fact; else the move is kept and nobody is told.
    """
    ids = {cursor.conversation_id for cursor in cursors}
    conversations = {one.pk: one for one in rows.fetch(Conversation, "id", ids, lock=rows.Lock.HELD)}
    began = {one.pk: one.seq for one in conversations.values()}
    moves = _moves(cursors, conversations)
    _keep([move.participant for move in moves])
    events = [
        _moved(move.participant, conversations[move.participant.conversation_id], places)
        for move, places in zip(moves, _places(moves), strict=True)
        if places.heard_delivered > move.delivered_before or places.heard_seen > move.seen_before
    ]
    if events:
        told = {event.conversation_id for event in events}
        changed = [conversation for pk, conversation in conversations.items() if pk in told]
        rows.update(changed, ["seq", "customer_seq"])
        transaction.on_commit(lambda: fresh.keep((), changed, began=began))
        record_all(events)
    return len(events)


def _moves(cursors: Iterable[Cursor], conversations: dict[int, Conversation]) -> list[Move]:
    """In the order of the cursors; several of one person in one conversation are one move."""
    participants = _participants(conversations, cursors)
    moves: dict[tuple[int, Actor], Move] = {}
    for cursor in cursors:
        conversation = conversations.get(cursor.conversation_id)
        if conversation is None or not can_answer(cursor.by, conversation):
            continue
        key = (conversation.pk, cursor.by.actor)
        one = participants.setdefault(key, _new_participant(cursor))
        before = Move(one, one.delivered_seq, one.seen_seq)
        if _advance(one, cursor, conversation):
            moves.setdefault(key, before)
    return list(moves.values())


def can_answer(by: Agent | CustomerViewer, conversation: Conversation) -> bool:
    """Who takes part, so that the other side may learn of it: a look by those who only read stays their own."""
    return allows(by, May.SAY if isinstance(by, CustomerViewer) else May.REPLY, conversation)


def _participants(conversations: Iterable[int], cursors: Iterable[Cursor]) -> Participants:
    people = [cursor.by for cursor in cursors]
    found = Participant.objects.filter(
        Q(customer__in={by.customer_id for by in people if isinstance(by, CustomerViewer)})
        | Q(agent__in={by.pk for by in people if isinstance(by, Agent)}),
        conversation__in=conversations,
    )
    return {(one.conversation_id, one.actor): one for one in found}


def _new_participant(cursor: Cursor) -> Participant:
    by = cursor.by
    who = {"customer_id": by.customer_id} if isinstance(by, CustomerViewer) else {"agent_id": by.pk}
    return Participant(conversation_id=cursor.conversation_id, **who)


def _advance(participant: Participant, cursor: Cursor, conversation: Conversation) -> bool:
    """Whether it moved; never back, and never beyond what there is."""
    most = conversation.seq if participant.customer_id is None else conversation.customer_seq
    before = (participant.delivered_seq, participant.seen_seq)
    participant.delivered_seq = max(before[0], min(max(cursor.delivered, cursor.seen), most))
    participant.seen_seq = max(before[1], min(cursor.seen, most))
    return before != (participant.delivered_seq, participant.seen_seq)


def _keep(moved: Sequence[Participant]) -> None:
    new, known = [one for one in moved if one.pk is None], [one for one in moved if one.pk]
    # The conversations are locked, so nobody else makes the same participant meanwhile.
    rows.insert(new)
    rows.update(known, ["delivered_seq", "seen_seq"])


def _places(moves: Iterable[Move]) -> list[Places]:
    """Of each move, in their order; one query a side."""
    moved = [move.participant for move in moves]
    found: dict[int, Places] = {}
    for by_customer in (True, False):
        side = [one.pk for one in moved if (one.customer_id is not None) == by_customer]
        mine, theirs = _countings(by_customer=by_customer)
        of_others = Q(participant__customer__isnull=by_customer)
        rows = Participant.objects.filter(pk__in=side).values_list(
            "pk",
            _last(Q(), upto="delivered_seq", mine=mine, wanted=theirs),
            _last(Q(), upto="seen_seq", mine=mine, wanted=theirs),
            _last(of_others, upto="delivered_seq", mine=mine, wanted=mine),
            _last(of_others, upto="seen_seq", mine=mine, wanted=mine),
        )
        found |= {pk: Places(*places) for pk, *places in rows}
    return [found[one.pk] for one in moved]


def _last(which: Q, *, upto: str, mine: str, wanted: str) -> Coalesce:
    """The last message that both sides see, up to a participant's cursor; 0 before any."""
    seen_by_both = Q(conversation=OuterRef("conversation"), customer_seq__isnull=False)
    said = Message.objects.filter(which, seen_by_both, **{f"{mine}__lte": OuterRef(upto)})
    return Coalesce(Subquery(said.order_by("-seq").values(wanted)[:1]), Value(0))


def _countings(*, by_customer: bool) -> tuple[str, str]:
    """The mover's own, and the other side's."""
    return ("customer_seq", "seq") if by_customer else ("seq", "customer_seq")


def _moved(participant: Participant, conversation: Conversation, places: Places) -> Event:
    own = (participant.delivered_seq, participant.seen_seq)
    other = (places.delivered, places.seen)
    # The customer learns that staff saw; staff learn it of the customer and of each other.
    by_customer = participant.customer_id is not None
    kind = staff_fact if by_customer else fact
    staff, customer = (other, own) if by_customer else (own, other)
    return kind(
        CursorMoved,
        conversation,
        actor=participant.actor,
        delivered=staff[0],
        seen=staff[1],
        customer_delivered=customer[0],
        customer_seen=customer[1],
    )


@dataclass(frozen=True)
class Reach:
    """How far somebody has a conversation and has seen it, in the other side's counting."""

    actor: Actor
    delivered: int
    seen: int


def reach_of(conversation: Conversation, *, customers: bool) -> list[Reach]:
    """Of everybody on one side, in one query, whatever their number."""
    query, parameters = _reaching(customers=customers)
    found = prepared.ask(query, [conversation.pk if one == SOME_ID else one for one in parameters])
    return [
        Reach(customer_actor(customer_id) if customers else agent_actor(agent_id), delivered, seen)
        for customer_id, agent_id, delivered, seen in found()
    ]


# Stands for the conversation's id in a statement that is written once.
SOME_ID = 2**62


@cache
def _reaching(*, customers: bool) -> tuple[str, tuple[Any, ...]]:
    """The statement and its parameters: to write it takes half of all that a socket's first frame costs."""
    mine, theirs = _countings(by_customer=customers)
    side = Participant.objects.filter(conversation=SOME_ID, customer__isnull=not customers)
    found = side.order_by("pk").values_list(
        "customer_id",
        "agent_id",
        _last(Q(), upto="delivered_seq", mine=mine, wanted=theirs),
        _last(Q(), upto="seen_seq", mine=mine, wanted=theirs),
    )
    query, parameters = found.query.sql_with_params()
    assert parameters.count(SOME_ID) == 1  # noqa: S101 - else another conversation would be asked for
    return query, parameters
