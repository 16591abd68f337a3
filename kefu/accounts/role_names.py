"""What roles are called on pages and in letters."""

from __future__ import annotations

from django.utils.translation import pgettext

from kefu.accounts.people.agents import Knowledge, Role


def role_name(role: str) -> str:
    """In the language that is active now."""
    names = {
        Role.AGENT: pgettext("role", "agent"),
        Role.LEAD: pgettext("role", "team lead"),
        Role.SUPERVISOR: pgettext("role", "supervisor"),
        Role.ADMIN: pgettext("role", "administrator"),
        Role.AUDITOR: pgettext("role", "auditor"),
    }
    return names[Role(role)]


def knowledge_name(knowledge: str) -> str:
    """What somebody does for the help centre, in the language that is active now."""
    names = {
        Knowledge.NONE: pgettext("help centre", "Reads only"),
        Knowledge.WRITES: pgettext("help centre", "Writes articles"),
        Knowledge.PUBLISHES: pgettext("help centre", "Writes and publishes articles"),
    }
    return names[Knowledge(knowledge)]
