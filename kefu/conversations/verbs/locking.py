"""Which conversations a batch may change now, without waiting for anybody who holds one of them."""

from __future__ import annotations

from collections.abc import Collection, Set

from django.db import connection

from kefu.conversations.nouns.conversation import Conversation
from kefu.journal import rows


def lock_free(conversation_ids: Collection[int]) -> set[int]:
    """Lock those that are free until commit, in the order of their ids; the ids of those that others hold.

    On SQLite nobody else writes, so all are free and none is locked or read.
    """
    if not connection.features.has_select_for_update_skip_locked:
        return set()
    locked = rows.fetch(Conversation, "id", conversation_ids, lock=rows.Lock.IF_FREE)
    return held_elsewhere(conversation_ids, {one.pk for one in locked})


def held_elsewhere(conversation_ids: Collection[int], locked: Set[int]) -> set[int]:
    """Those that are there and could not be locked. What is not there is held by nobody."""
    missing = set(conversation_ids) - locked
    found = Conversation.objects.filter(pk__in=missing).values_list("pk", flat=True) if missing else ()
    return set(found)
