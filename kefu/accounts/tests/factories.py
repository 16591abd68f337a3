"""People for every room's tests: a brand, its teams, agents of each role, customers with names of all kinds."""

from __future__ import annotations

import itertools
import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Agent, Customer, Role, Team
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.safety.guard import guard

CHINESE = "林嘉禾"
ENGLISH = "Mallory O'Neil"
VERY_LONG = "María de los Ángeles Guadalupe Fernández-Villaverde y Sánchez de la Concepción 欧阳"[:80]
PASSWORD = "correct horse battery staple"

_number = itertools.count(1)


def make_brand(key: str = "xinghai", prefix: str = "XH", **fields: Any) -> Brand:
    """The brand of this key, made once."""
    defaults = {
        "name": "星海 Exchange",
        "prefix": prefix,
        "languages": ["zh-hans", "zh-hant", "en"],
        **fields,
    }
    return Brand.objects.get_or_create(key=key, defaults=defaults)[0]


def make_other_brand() -> Brand:
    return make_brand("other", "QT", name="Other Exchange", hosts=["other.example"])


def make_team(brand: Brand | None = None, key: str = "accounts", name: str = "账户") -> Team:
    return Team.objects.get_or_create(brand=brand or make_brand(), key=key, defaults={"name": name})[0]


def make_agent(
    name: str = CHINESE, *, role: Role = Role.AGENT, teams: list[Team] | None = None, **fields: Any
) -> Agent:
    """Of the usual team unless told, without a password unless given one."""
    fields.setdefault("email", f"agent{next(_number)}@xinghai.example")
    agent: Agent = Agent.objects.create_agent(name=name, role=role, **fields)
    agent.teams.set([make_team()] if teams is None else teams)
    return agent


def make_staff(team: Team | None = None) -> dict[Role, Agent]:
    """One agent of each role, all in the same team."""
    return {
        role: make_agent(f"{role.label} {CHINESE}", role=role, teams=[team or make_team()]) for role in Role
    }


def make_customer(name: str = ENGLISH, *, brand: Brand | None = None, **fields: Any) -> Customer:
    return Customer.objects.create(brand=brand or make_brand(), name=guard(name), **fields)


def make_customers(brand: Brand | None = None) -> list[Customer]:
    """One with a Chinese name, one with an English one, one with a very long one."""
    return [make_customer(name, brand=brand) for name in (CHINESE, ENGLISH, VERY_LONG)]


def viewer_of(customer: Customer, only_conversation_id: int | None = None) -> CustomerViewer:
    return CustomerViewer(customer.pk, customer.brand_id, only_conversation_id)


def as_customer(client: Client, customer: Customer) -> str:
    """The client is this customer from now on; their token."""
    token = open_session(customer=customer)
    client.cookies[CUSTOMER_COOKIE] = token
    return token


def sign_in(client: Client, agent: Agent) -> str:
    """The client is this agent from now on, as after a password and a second factor; the session's key."""
    return _sign_in(client, agent, "password", "mfa")


def password_step(client: Client, agent: Agent, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Type address and password at the door."""
    return client.post("/staff/sign-in/", {"login": agent.email, "password": password, **more})


def half_sign_in(client: Client, agent: Agent) -> str:
    """As after a password alone."""
    return _sign_in(client, agent, "password")


def _sign_in(client: Client, agent: Agent, *methods: str) -> str:
    client.force_login(agent, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time()} for method in methods
    ]
    session["account_authentication_methods_user"] = str(agent.pk)
    session.save()
    key: str = session.session_key or ""
    UserSession.objects.get_or_create(
        session_key=key, defaults={"user": agent, "ip": "127.0.0.1", "user_agent": ""}
    )
    return key


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def enrol(agent: Agent) -> str:
    """Give the agent an authenticator and recovery codes; the secret."""
    secret = generate_totp_secret()
    TOTP.activate(agent, secret)
    RecoveryCodes.activate(agent)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """The number that the authenticator shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def recovery_codes_of(agent: Agent) -> list[str]:
    found = Authenticator.objects.get(user=agent, type=Authenticator.Type.RECOVERY_CODES)
    return found.wrap().get_unused_codes()


def session_of(client: Client) -> SessionStore:
    return SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
