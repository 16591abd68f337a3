from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models

from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand

if TYPE_CHECKING:
    from kefu.accounts.models import Agent
    from kefu.conversations.nouns.attachment import Attachment  # noqa: F401 - named in a base class
    from kefu.conversations.nouns.conversation import Conversation, Topic  # noqa: F401 - named in base classes


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
