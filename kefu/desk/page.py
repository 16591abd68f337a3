"""What the desk's page starts from, as data that its modules draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from kefu.accounts.models import Agent, Customer, Identity
from kefu.cases.drawing import drawn_files
from kefu.conversations.drawing import Audience
from kefu.conversations.looks import note_look
from kefu.conversations.models import Conversation, Draft, Topic
from kefu.conversations.snapshot import snapshot
from kefu.conversations.trails import drawn
from kefu.desk.lists import View, counts_of, page_of
from kefu.desk.mail import letters_of
from kefu.desk.rows import draw_row
from kefu.desk.topics import PREFIX, current_cursor, teams_of

MOST_PREVIOUS = 10


def start_of(agent: Agent, view: View, conversation: Conversation | None) -> dict[str, Any]:
    brands = dict(agent.visible_teams().order_by("pk").values_list("pk", "brand_id"))
    language = get_language() or agent.language
    return {
        "me": {
            "id": agent.pk,
            "name": str(agent.name),
            "availability": agent.availability,
            "reads_only": agent.is_auditor,
        },
        "watch": [f"{PREFIX}{pk}" for pk in brands],
        "brands": brands,
        "topics": _names_of_topics(set(brands.values()), language),
        "list": list_of(agent, view),
        "open": open_of(agent, conversation) if conversation else None,
    }


def _names_of_topics(brand_ids: set[int], language: str) -> dict[int, dict[str, str]]:
    """By brand and key: two brands may name the same key differently."""
    names: dict[int, dict[str, str]] = {pk: {} for pk in brand_ids}
    for topic in Topic.objects.filter(brand_id__in=brand_ids):
        names[topic.brand_id][topic.key] = topic.name_in(language)
    return names


def list_of(agent: Agent, view: View) -> dict[str, Any]:
    """A view from its top, with the counts of all and the journal id from which events go on.

    The cursor is read first, so that a change in between is in both page and events.
    """
    cursor = current_cursor()
    counts = {f"{PREFIX}{pk}": counts for pk, counts in counts_of(teams_of(agent)).items()}
    return {**rows_of(agent, view, None), "counts": counts, "cursor": cursor}


def rows_of(agent: Agent, view: View, place: str | None) -> dict[str, Any]:
    page = page_of(view, agent, place)
    return {
        "view": view.value,
        "rows": [draw_row(one) for one in page.conversations],
        "next": page.next_place,
    }


def open_of(agent: Agent, conversation: Conversation) -> dict[str, Any]:
    """One conversation with its thread, its customer's earlier ones, and this agent's drafts.

    Whoever looks in from above, rather than to answer, leaves an entry.
    """
    note_look(agent, conversation)
    conversation = Conversation.objects.select_related("customer", "topic", "assignee", "case_file").get(
        pk=conversation.pk
    )
    others = (
        Conversation.objects.visible_to(agent)
        .filter(customer_id=conversation.customer_id)
        .exclude(pk=conversation.pk)
    )
    drafts = Draft.objects.filter(agent=agent, conversation=conversation)
    identities = list(conversation.customer.identities.order_by("-level", "pk"))
    colleagues = conversation.team.agents.filter(is_active=True)
    return {
        "row": draw_row(conversation),
        "snapshot": snapshot(conversation, Audience.STAFF),
        "drafts": {draft.kind: str(draft.text) for draft in drafts},
        "customer": {
            "name": str(conversation.customer.name),
            "level": conversation.customer.level,
            "language": conversation.customer.language,
            "zone": conversation.customer.zone,
            "since": conversation.customer.created_at.isoformat(),
            "basis": _basis(conversation.customer, identities),
            "identities": [
                {"kind": one.kind, "value": one.value, "level": one.level, "reason": one.reason}
                for one in identities
            ],
        },
        "letters": letters_of(conversation),
        "case": _case(conversation),
        "trail": [
            {"kind": one.kind, "title": one.title, "path": one.path}
            for one in drawn(conversation.trail.all(), get_language() or agent.language)
        ],
        "previous": [
            {
                "ref": one.ref,
                "last_line": str(one.last_line),
                "state": one.state,
                "at": one.last_message_at.isoformat(),
            }
            for one in others.order_by("-last_message_at")[:MOST_PREVIOUS]
        ],
        "colleagues": [{"id": one.pk, "name": str(one.name)} for one in colleagues],
    }


def _case(conversation: Conversation) -> dict[str, Any] | None:
    """The facts that the customer gave as fields, if they did."""
    file = drawn_files([conversation]).get(conversation.pk)
    if file is None:
        return None
    fields = [
        {
            "key": one.key,
            "label": one.label,
            "value": one.value,
            "href": one.href,
            "at": one.at.isoformat() if one.at else "",
            "is_code": one.is_code,
        }
        for one in file.fields
    ]
    return {"title": file.title, "fields": fields}


def _basis(customer: Customer, identities: Sequence[Identity]) -> dict[str, str]:
    """Why the customer has the level that they have, and since when; a visitor has none."""
    best = next((one for one in identities if one.level == customer.level), None)
    if best is None:
        return {"reason": "none", "since": ""}
    return {"reason": best.reason, "since": best.believed_at.isoformat()}
