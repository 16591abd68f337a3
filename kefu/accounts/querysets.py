"""Questions about agents and customers' sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import connection, models
from django.utils.timezone import now

from kefu.realtime.presence import present_agents
from kefu.safety.addresses import NotAnAddress, mail_address

if TYPE_CHECKING:
    from kefu.accounts.people.agent_tokens import AgentToken  # noqa: F401 - named in a string below
    from kefu.accounts.people.agents import Agent, Team
    from kefu.accounts.people.codes import OneTimeCode  # noqa: F401 - named in a string below
    from kefu.accounts.people.customers import (  # noqa: F401 - named in strings below
        Customer,
        CustomerSession,
        Identity,
    )
    from kefu.accounts.people.password_resets import PasswordReset  # noqa: F401 - named in a string below
    from kefu.accounts.people.sign_in_links import SignInLink  # noqa: F401 - named in a string below


class AgentQuerySet(models.QuerySet["Agent"]):
    def active(self) -> AgentQuerySet:
        return self.filter(is_active=True)

    def in_team(self, team: Team) -> AgentQuerySet:
        return self.filter(teams=team)

    def available_in(self, team: Team) -> AgentQuerySet:
        """Those who chose to be available and have their desk open."""
        return (
            self.active()
            .in_team(team)
            .filter(availability="available", pk__in=present_agents())
            .exclude(role="auditor")
        )

    def called(self, who: str) -> AgentQuerySet:
        """By whole address, by the part before the @, or by name, as a person types it at the console."""
        who = who.strip()
        if "@" in who:
            try:
                return self.filter(email=mail_address(who))
            except NotAnAddress:
                return self.none()
        return self.filter(models.Q(name__iexact=who) | models.Q(email__startswith=f"{who.lower()}@"))


class AgentManager(BaseUserManager.from_queryset(AgentQuerySet)):  # type: ignore[misc] # django-stubs can't name the class that from_queryset() makes
    def get_by_natural_key(self, username: str | None) -> Agent:
        agent: Agent = self.get(email=(username or "").lower())
        return agent

    def create_agent(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> Agent:
        """Without a password nobody gets in by one, only by a sign-in link."""
        agent: Agent = self.model(email=email.strip().lower(), name=name, **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent


class CustomerQuerySet(models.QuerySet["Customer"]):
    def living(self) -> CustomerQuerySet:
        """Those who were neither erased, nor turned out to be somebody else."""
        return self.filter(erased_at=None, merged_into=None)

    def locked(self) -> CustomerQuerySet:
        """Row locks in id order, held to commit and taken before those of conversations; what was read before may be old.

        Nothing that belongs to them begins meanwhile. SQLite's one writer already holds the whole file.
        """
        return self.order_by("pk").select_for_update()


class CustomerSessionQuerySet(models.QuerySet["CustomerSession"]):
    def alive(self) -> CustomerSessionQuerySet:
        return self.filter(revoked_at=None, ends_at__gt=now())


class IdentityQuerySet(models.QuerySet["Identity"]):
    def mail_of(self, customer_id: int) -> Identity | None:
        """Where the customer can be written to: what we know best, and of that the latest."""
        addresses = self.filter(customer_id=customer_id, kind="email")
        return addresses.order_by("-level", "-pk").first()


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    def living(self) -> OneTimeCodeQuerySet:
        return self.filter(used_at=None, ends_at__gt=now())

    def locked(self) -> OneTimeCodeQuerySet:
        """The rows' locks, held to commit; SQLite's one writer already holds the whole file."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(of=("self",), no_key=True)
            if connection.features.has_select_for_update
            else ordered
        )


class PasswordResetQuerySet(models.QuerySet["PasswordReset"]):
    def living(self) -> PasswordResetQuerySet:
        return self.filter(used_at=None, ends_at__gt=now())

    def of_agents(self) -> PasswordResetQuerySet:
        """Those that were asked for with the address of an agent who is still here."""
        return self.filter(agent__is_active=True)

    def locked(self) -> PasswordResetQuerySet:
        """The rows' locks, held to commit; SQLite's one writer already holds the whole file."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(of=("self",), no_key=True)
            if connection.features.has_select_for_update
            else ordered
        )


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def unspent(self) -> SignInLinkQuerySet:
        return self.filter(used_at=None, ends_at__gt=now())


class AgentTokenQuerySet(models.QuerySet["AgentToken"]):
    def living(self) -> AgentTokenQuerySet:
        """Those that open something: neither revoked nor over, and their agent is still here."""
        return self.filter(revoked_at=None, ends_at__gt=now(), agent__is_active=True)
