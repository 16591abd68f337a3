"""The settings pages that accounts offers, and to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.accounts.policy import May, allows
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
PAGES = (MEMBERS,)
