"""What a session has proved: how lately its agent signed in, and whether with a second factor."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from kefu.accounts.events import Step
from kefu.accounts.people.agents import Agent

# Changing how one signs in asks for a proof that is no older than this.
FRESH_FOR = timedelta(minutes=10)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
STEPS = {"password": Step.PASSWORD, "link": Step.LINK, "mfa": Step.SECOND_FACTOR}


def is_enrolled(agent: Agent) -> bool:
    """By an authenticator app or a passkey; recovery codes alone are none."""
    return factors_of(agent).exists()


def factors_of(agent: Agent) -> QuerySet[Authenticator]:
    """The authenticator app and the passkeys of this agent."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=agent.pk, type__in=FACTORS)
    return factors


def passkeys_of(agent: Agent) -> QuerySet[Authenticator]:
    """Oldest first."""
    return factors_of(agent).filter(type=Authenticator.Type.WEBAUTHN).order_by("pk")


def has_finished(request: HttpRequest, agent: Agent) -> bool:
    """Only a factor proved in this session counts, so enrolling elsewhere never completes an older one.

    Agents of the demo are let off for as long as it is a demo: in a real house their rows are doors like any other.
    """
    return (settings.DEMO and agent.is_demo) or Step.SECOND_FACTOR in steps_of(request, agent)


def steps_of(request: HttpRequest, agent: Agent) -> tuple[Step, ...]:
    """What was proved in this session, each once, in the order in which it was."""
    methods = [record.get("method") for record in get_authentication_records(request, agent)]
    return tuple(dict.fromkeys(STEPS[method] for method in methods if method in STEPS))


def is_fresh(request: HttpRequest, agent: Agent | AnonymousUser) -> bool:
    """Did they prove lately that they are who they are? Signing in counts as well as being asked again."""
    records = get_authentication_records(request, agent) if isinstance(agent, Agent) else []
    return bool(records) and time.time() - max(record["at"] for record in records) < FRESH_FOR.total_seconds()


def forget_second_factor(request: HttpRequest) -> None:
    """The factor is gone, so this session has not finished any more; it may go on to enrol."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    kept = [
        {**record, "method": "removed"} if record.get("method") == "mfa" else record for record in records
    ]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
