"""Which conversations a batch may change now, without waiting for anybody who holds one of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from kefu.conversations.nouns.conversation import Conversation


def held_elsewhere(conversation_ids: Collection[int]) -> set[int]:
    """Lock those that are free, in the order of ids, until commit; the ids of those that others hold.

    On SQLite nobody else writes, so all are free. What is not there is held by nobody.
    """
    if not connection.features.has_select_for_update_skip_locked:
        return set()
    wanted = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk").values_list("pk", flat=True)
    missing = set(conversation_ids) - set(wanted.select_for_update(skip_locked=True, no_key=True))
    return set(wanted.filter(pk__in=missing)) if missing else set()
