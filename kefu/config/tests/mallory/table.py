"""The policy's verbs, and behind each the doors that ask for it; and those few doors that ask for none."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import Door
from kefu.config.tests.mallory.of_articles import ARTICLE_DOORS, PROGRAM_DOORS, READING_DOORS
from kefu.config.tests.mallory.of_customers import CUSTOMER_DOORS
from kefu.config.tests.mallory.of_desk import DESK_DOORS, PRIVACY_DOORS
from kefu.config.tests.mallory.of_settings import BRAND_DOORS, MEMBER_DOORS, TEAM_DOORS
from kefu.config.urls import urlpatterns

ROOMS: dict[str, tuple[Door, ...]] = {
    "customers": CUSTOMER_DOORS,
    "desk": DESK_DOORS,
    "privacy": PRIVACY_DOORS,
    "teams": TEAM_DOORS,
    "brand": BRAND_DOORS,
    "members": MEMBER_DOORS,
    "articles": ARTICLE_DOORS,
    "programs": PROGRAM_DOORS,
    "reading": READING_DOORS,
}
ALL = tuple(door for doors in ROOMS.values() for door in doors)

READS = "says the same to everybody"
OWN_CHOICE = "a choice of this browser, kept in its own cookie"
WAY_IN = "the way in: what is typed or signed there is the proof"
NAMELESS = "whoever reads may say it, and no row knows who did"
KEY = "whoever has the address has the key; it opens what it was made for"
ONESELF = (
    "an agent's own account and nobody else's; test_sessions.py, test_passkeys.py and their neighbours try it"
)
OWN_SESSION = "about the session that comes along, and about no other"
WITHOUT_A_VERB = {
    "root": READS,
    "embed": READS,
    "robots": READS,
    "api_openapi": READS,
    "api_articles": READS,
    "api_article": READS,
    "api_search": READS,
    "api_nothing_here": READS,
    "sitemaps": READS,
    "llms": READS,
    "helpcentre:sitemap": READS,
    "helpcentre:pack": READS,
    "helpcentre:pack_file": READS,
    "helpcentre:feed": READS,
    "ui:brand_css": READS,
    "ui:zone": OWN_CHOICE,
    "helpcentre:home": READS,
    "helpcentre:category": READS,
    "helpcentre:article": READS,
    "helpcentre:search": READS,
    "helpcentre:instant": READS,
    "helpcentre:feedback": NAMELESS,
    "helpcentre:said": NAMELESS,
    "helpcentre:reading": NAMELESS,
    "helpcentre:searched": NAMELESS,
    "tools:deposit": "everybody may ask; what stands in an account is told its owner alone, by READ_DEPOSIT",
    "tools:deposit_address": READS,
    "contact:ways": READS,
    "contact:state": READS,
    "mailroom:check": "whoever has a letter's code is told whether it is ours",
    "livechat:frame": READS,
    "livechat:hand_over": OWN_SESSION,
    "livechat:take_over": KEY,
    "livechat:leave": OWN_SESSION,
    "livechat:link": KEY,
    "cases:leave": OWN_SESSION,
    "account_login": WAY_IN,
    "account_logout": OWN_SESSION,
    "mfa_authenticate": WAY_IN,
    "passkey_code_begin": WAY_IN,
    "passkey_sign_in": WAY_IN,
    "passkey_sign_in_begin": WAY_IN,
    "account_reauthenticate": WAY_IN,
    "mfa_reauthenticate": WAY_IN,
    "mfa_reauthenticate_webauthn": WAY_IN,
    "passkey_again_begin": WAY_IN,
    "sign_in_link": KEY,
    "invitation": KEY,
    "new_password": KEY,
    "password_forgotten": WAY_IN,
    "password_letter_sent": READS,
    "mfa_activate_totp": "for who has given their password and has no second factor yet",
    "mfa_index": ONESELF,
    "passkey_add": ONESELF,
    "passkey_begin": ONESELF,
    "passkey_name": ONESELF,
    "passkey_remove": ONESELF,
    "mfa_deactivate_totp": ONESELF,
    "mfa_view_recovery_codes": ONESELF,
    "mfa_generate_recovery_codes": ONESELF,
    "mfa_download_recovery_codes": ONESELF,
    "preferences": ONESELF,
    "password": ONESELF,
    "usersessions_list": ONESELF,
    "sessions_end_others": ONESELF,
    "session_end": ONESELF,
    "demo:outbox": "kefu/demo/tests/test_outbox.py tries it: only a demo has it",
    "demo:letter": "kefu/demo/tests/test_outbox.py tries it: only a demo has it",
    "demo:letter_text": "kefu/demo/tests/test_outbox.py tries it: only a demo has it",
}
# Asked for a fact within a page that everybody may see, and tried where a ledger can be told what to say.
TRIED_IN_ITS_ROOM = {May.READ_DEPOSIT: "kefu/cases/tests/test_deposit_page.py"}
# Frames of sockets, as a client sends them, that ask for nothing and change nothing.
FRAMES_WITHOUT_A_VERB = {"unwatch": "only ends what one hears", "ping": "answered by pong"}


def views(patterns: list[URLPattern | URLResolver] = urlpatterns, space: str = "") -> Iterator[str]:
    """The name of each address that there is."""
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from views(one.url_patterns, inner)
        else:
            yield f"{space}{one.name}"
