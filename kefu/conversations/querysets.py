from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.db import connection, models

from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.journal import prepared

if TYPE_CHECKING:
    from kefu.accounts.models import Agent
    from kefu.conversations.nouns.attachment import Attachment  # noqa: F401 - named in a base class
    from kefu.conversations.nouns.conversation import Conversation, Topic  # noqa: F401 - named in base classes
    from kefu.conversations.nouns.message import Message


class TopicQuerySet(models.QuerySet["Topic"]):
    def offered(self, brand: Brand) -> TopicQuerySet:
        """What customers of the brand can choose from."""
        return self.filter(brand=brand, retired_at=None)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: Agent) -> ConversationQuerySet:
        """Those of the agent's own teams; an admin or auditor sees every team."""
        if not agent.is_active:
            return self.none()
        if agent.sees_all_teams:
            return self
        return self.filter(team__in=agent.teams.all())

    def belonging_to(self, viewer: CustomerViewer) -> ConversationQuerySet:
        """The customer's own; behind a private link only that one."""
        own = self.filter(customer_id=viewer.customer_id)
        if viewer.only_conversation_id is not None:
            own = own.filter(pk=viewer.only_conversation_id)
        return own

    def open(self) -> ConversationQuerySet:
        return self.exclude(state="resolved")

    def resolved(self) -> ConversationQuerySet:
        return self.filter(state="resolved")

    def unassigned(self) -> ConversationQuerySet:
        return self.open().filter(assignee=None)

    def assigned_to(self, agent: Agent) -> ConversationQuerySet:
        return self.open().filter(assignee=agent)

    def locked(self) -> ConversationQuerySet:
        """Row locks in id order, held to commit; SQLite's one writer already holds the whole file."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(no_key=True) if connection.features.has_select_for_update else ordered
        )


class MessageQuerySet(models.QuerySet["Message"]):
    def of_clients_soon(self, pairs: Collection[tuple[str, str]]) -> Callable[[], list[Message]]:
        """Ask for those with one of these (sender, client id), and their participants; one query if there is none."""
        asked = prepared.ask(OF_CLIENTS[prepared.vendor()], [json.dumps(list(pairs))])

        def found() -> list[Message]:
            ids = [pk for (pk,) in asked()]
            return list(self.filter(pk__in=ids).select_related("participant")) if ids else []

        return found


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


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def shown(self) -> AttachmentQuerySet:
        """Those that belong to a message which nobody has erased."""
        return self.filter(message__isnull=False, message__erased_at=None)

    def visible_to(self, agent: Agent) -> AttachmentQuerySet:
        """Those in conversations of the agent's own teams, as for conversations."""
        if not agent.is_active:
            return self.none()
        if agent.sees_all_teams:
            return self.shown()
        return self.shown().filter(conversation__team__in=agent.teams.all())

    def belonging_to(self, viewer: CustomerViewer) -> AttachmentQuerySet:
        """Those in the customer's own conversations, behind a private link only in that one; never a note's."""
        own = (
            self.shown()
            .exclude(message__visibility="staff")
            .filter(conversation__customer=viewer.customer_id)
        )
        if viewer.only_conversation_id is not None:
            own = own.filter(conversation=viewer.only_conversation_id)
        return own

    def not_said(self) -> AttachmentQuerySet:
        return self.filter(message=None)

    def locked(self) -> AttachmentQuerySet:
        """Row locks in id order, held to commit, as for conversations."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(of=("self",), no_key=True)
            if connection.features.has_select_for_update
            else ordered
        )
