from __future__ import annotations

from django.conf import settings
from django.test import Client

from kefu.accounts.models import Agent


def staff_cookies(agent: Agent) -> dict[str, str]:
    """The cookies of this agent, signed in by a real session."""
    client = Client()
    client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
