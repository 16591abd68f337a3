from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.timezone import now

from kefu.accounts.people.standing import NOBODY, TRUSTED_FOR, Place, Standing
from kefu.accounts.querysets import AgentManager
from kefu.brands.models import Brand
from kefu.journal.actor import Actor, agent_actor
from kefu.safety.fields import PlainTextField


class Role(models.TextChoices):
    AGENT = "agent"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Knowledge(models.TextChoices):
    """What an agent does for the help centre, beside their role: a grant for the brands of their teams."""

    NONE = ""
    WRITES = "writes"
    PUBLISHES = "publishes"


class Availability(models.TextChoices):
    """What an agent chose. Whether they are there is presence, which expires by itself."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class AddressTaken(ValueError):
    """Another agent already has this e-mail address."""


class HasLeft(ValueError):
    """Their account is closed, so they have no role any more."""


class Team(models.Model):
    """The people who answer a set of topics, in one zone, within one brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="teams")
    key = models.SlugField()
    name = PlainTextField(max_length=80)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_team_a_key")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def team_id(self) -> int:
        """A team's settings belong to the team; the policy asks every thing in the same way."""
        return self.pk


class Agent(AbstractBaseUser):
    """A member of staff. Their role says what they may do, their teams say where."""

    email = models.EmailField(unique=True)
    name = PlainTextField(max_length=80)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AGENT)
    knowledge = models.CharField(max_length=10, choices=Knowledge.choices, default=Knowledge.NONE, blank=True)
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    availability = models.CharField(max_length=10, choices=Availability.choices, default=Availability.AWAY)
    language = models.CharField(max_length=12, default="zh-hans")
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now, editable=False)

    # Sessions know when they began and the journal who signed in, so signing in writes no row of the agent's.
    last_login = None

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def actor(self) -> Actor:
        return agent_actor(self.pk)

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR

    @property
    def sees_all_teams(self) -> bool:
        return self.role in {Role.ADMIN, Role.AUDITOR}

    def visible_teams(self) -> models.QuerySet[Team]:
        """Their own teams; every team for an admin or auditor; none once they have left."""
        if not self.is_active:
            return Team.objects.none()
        return Team.objects.all() if self.sees_all_teams else self.teams.all()

    @property
    def standing(self) -> Standing:
        """One query, then trusted for a few seconds."""
        known: Standing | None = self.__dict__.get("_standing")
        if known is None or time.time() - known.read_at > TRUSTED_FOR:
            know_standing_of([self])
            known = self.__dict__["_standing"]
        return known

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Agent] | None = None,
    ) -> None:
        self.__dict__.pop("_standing", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)


def usual_zone(teams: Sequence[Team]) -> str:
    """The clock of the first of their teams, until they choose another."""
    usual: str = teams[0].zone if teams else Agent._meta.get_field("zone").default
    return usual


def know_standing_of(agents: Collection[Agent]) -> None:
    """One query for all of them, where the policy is asked about many."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows = Agent.objects.filter(pk__in=[agent.pk for agent in agents])
    for pk, *row in rows.values_list("pk", "is_active", "role", "knowledge", "teams__brand_id", "teams__pk"):
        found[pk].append(tuple(row))
    for agent in agents:
        agent.__dict__["_standing"] = _standing_in(found[agent.pk])


def _standing_in(rows: list[tuple[Any, ...]]) -> Standing:
    """Each row is a place, or stands for none."""
    if not rows:
        return NOBODY
    places = frozenset(Place(brand_id, team_id) for *_, brand_id, team_id in rows if team_id is not None)
    is_active, role, knowledge, *_ = rows[0]
    return Standing(is_active=is_active, role=role, knowledge=knowledge, places=places, read_at=time.time())
