"""Roles, and a change of role or teams, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agents import Agent, Availability, Knowledge, Role
from kefu.accounts.role_names import knowledge_name, role_name
from kefu.accounts.settings.history import Change, compared

AVAILABILITIES = {
    Availability.AVAILABLE: _("Available"),
    Availability.BUSY: _("Busy"),
    Availability.AWAY: _("Away"),
}


def roles_in_words() -> list[tuple[Role, str]]:
    return [(role, role_name(role)) for role in Role]


def knowledge_in_words() -> list[tuple[Knowledge, str]]:
    return [(one, knowledge_name(one)) for one in Knowledge]


def change_of(revision: AgentRevision, teams: Mapping[int, str]) -> Change:
    def parts(written: Mapping[str, object]) -> dict[str, str]:
        ids = written["team_ids"]
        assert isinstance(ids, list)  # noqa: S101 - as change_agent writes it
        names = [teams.get(one, gettext("a team that is gone")) for one in ids]
        role = role_name(str(written["role"]))
        said = {gettext("Role"): role, gettext("Teams"): gettext(", ").join(names)}
        if "knowledge" in written:
            said[gettext("Help centre")] = knowledge_name(str(written["knowledge"]))
        return said

    url = reverse("settings:member_put_back", args=[revision.agent_id, revision.pk])
    return Change(gettext("Role and teams"), compared(parts(revision.before), parts(revision.after)), url)


def availability_in_words(agent: Agent, *, is_present: bool) -> str:
    """What they chose, if their workspace is open."""
    return str(AVAILABILITIES[Availability(agent.availability)]) if is_present else gettext("Not here")
