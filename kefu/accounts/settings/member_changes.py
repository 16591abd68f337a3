"""Roles, and a change of role or teams, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agents import Agent, Availability, Role
from kefu.accounts.settings.history import Change, compared

ROLES: list[tuple[Role, Promise]] = [
    (Role.AGENT, pgettext_lazy("a role", "Agent")),
    (Role.LEAD, pgettext_lazy("a role", "Lead")),
    (Role.SUPERVISOR, pgettext_lazy("a role", "Supervisor")),
    (Role.ADMIN, pgettext_lazy("a role", "Admin")),
    (Role.AUDITOR, pgettext_lazy("a role", "Auditor, who only reads")),
]
AVAILABILITIES = {
    Availability.AVAILABLE: _("Available"),
    Availability.BUSY: _("Busy"),
    Availability.AWAY: _("Away"),
}


def change_of(revision: AgentRevision, teams: Mapping[int, str]) -> Change:
    def parts(written: Mapping[str, object]) -> dict[str, str]:
        ids = written["team_ids"]
        assert isinstance(ids, list)  # noqa: S101 - as change_agent writes it
        names = [teams.get(one, gettext("a team that is gone")) for one in ids]
        role = str(dict(ROLES)[Role(str(written["role"]))])
        return {gettext("Role"): role, gettext("Teams"): gettext(", ").join(names)}

    url = reverse("settings:member_put_back", args=[revision.agent_id, revision.pk])
    return Change(gettext("Role and teams"), compared(parts(revision.before), parts(revision.after)), url)


def availability_in_words(agent: Agent, *, is_present: bool) -> str:
    """What they chose, if their workspace is open."""
    return str(AVAILABILITIES[Availability(agent.availability)]) if is_present else gettext("Not here")
