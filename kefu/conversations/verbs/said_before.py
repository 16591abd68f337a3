"""What was said before under the same client id: whoever says it again gets the first result."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from kefu.conversations.nouns.message import Message
from kefu.journal import prepared

# Each pair is one look into the index, whatever their number; the text stays the same, so it is prepared once.
OF_CLIENTS = {
    "sqlite": """
        SELECT said.id FROM json_each(%s) AS wanted CROSS JOIN conversations_message AS said
        ON said.sender = json_extract(wanted.value, '$[0]') AND said.client_id = json_extract(wanted.value, '$[1]')
    """,
    "postgresql": """
        SELECT said.id FROM jsonb_array_elements(%s::jsonb) AS wanted CROSS JOIN LATERAL (
            SELECT id FROM conversations_message WHERE sender = wanted ->> 0 AND client_id = wanted ->> 1 LIMIT 1
        ) AS said
    """,
}


def said_before_soon(pairs: Collection[tuple[str, str]]) -> Callable[[], list[Message]]:
    """Ask for those with one of these (sender, client id), and their participants; one query if there is none."""
    asked = prepared.ask(OF_CLIENTS[prepared.vendor()], [json.dumps(list(pairs))])

    def found() -> list[Message]:
        ids = [pk for (pk,) in asked()]
        return list(Message.objects.filter(pk__in=ids).select_related("participant")) if ids else []

    return found
