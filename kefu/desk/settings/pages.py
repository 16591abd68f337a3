"""The settings pages that the desk offers, and to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.accounts.policy import May, allows, allows_somewhere
from kefu.accounts.settings.registry import SettingsPage

# Only for who may change what holds for whole brands: a false address here is what an impostor would wish for.
WAYS = SettingsPage(
    key="ways",
    url_name="desk_settings:ways",
    name=_("Official ways to reach us"),
    says=_("The one list of addresses that are really ours, which customers check against."),
    icon="shield-check",
    place=20,
    opens_for=lambda agent: allows(agent, May.CHANGE_SETTINGS),
)
JOURNAL = SettingsPage(
    key="journal",
    url_name="desk_settings:journal",
    name=_("Journal"),
    says=_("Who did what and when. Entries hold no words of anybody, and nobody can change them."),
    icon="book",
    place=90,
    opens_for=lambda agent: allows_somewhere(agent, May.READ_JOURNAL),
)
PRIVACY = SettingsPage(
    key="privacy",
    url_name="desk_settings:privacy",
    name=_("A person's data"),
    says=_("Hand out what we keep of somebody, or erase it for good."),
    icon="id-card",
    place=85,
    opens_for=lambda agent: allows(agent, May.EXPORT_CUSTOMER),
)
BRAND = SettingsPage(
    key="brand",
    url_name="desk_settings:brand",
    name=_("Brand"),
    says=_("Name, colour, languages, zone, and whose pages may show the chat."),
    icon="star",
    place=60,
    opens_for=lambda agent: allows(agent, May.CHANGE_SETTINGS),
)
GREETINGS = SettingsPage(
    key="greetings",
    url_name="desk_settings:greetings",
    name=_("Greetings"),
    says=_("What the chat says first, and what stands there when nobody can answer."),
    icon="chat",
    place=35,
    opens_for=lambda agent: allows(agent, May.CHANGE_SETTINGS),
)
PAGES = (WAYS, GREETINGS, BRAND, PRIVACY, JOURNAL)
