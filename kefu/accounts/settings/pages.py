"""The settings pages that accounts offers, and to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.accounts.policy import May, allows, allows_somewhere
from kefu.accounts.settings.registry import SettingsPage

MEMBERS = SettingsPage(
    key="members",
    url_name="settings:members",
    name=_("Members"),
    says=_("Who is here, in which role and teams, and how they sign in; inviting others."),
    icon="user",
    place=50,
    opens_for=lambda agent: allows(agent, May.MANAGE_AGENTS),
)
TEAMS = SettingsPage(
    key="teams",
    url_name="settings:teams",
    name=_("Teams"),
    says=_("Who answers what: names, time zones and members."),
    icon="users",
    place=40,
    opens_for=lambda agent: allows_somewhere(agent, May.CHANGE_SETTINGS),
)
PAGES = (TEAMS, MEMBERS)
