from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.journal.actor import Actor, agent_actor
from kefu.safety.fields import PlainTextField


class Role(models.TextChoices):
    AGENT = "agent"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


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
        return self.name


class AgentManager(BaseUserManager["Agent"]):
    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email__iexact=username)

    def create_agent(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> Agent:
        agent = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent


class Agent(AbstractBaseUser):
    """A member of staff. Their role says what they may do, their teams say where."""

    email = models.EmailField(unique=True)
    name = PlainTextField(max_length=80)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AGENT)
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now, editable=False)

    # Signing in is not a write on a read: sessions know when they began, so Django's own column is left out.
    last_login = None  # type: ignore[assignment]

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return agent_actor(self.pk)

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR

    @property
    def sees_all_teams(self) -> bool:
        return self.role in {Role.ADMIN, Role.AUDITOR}

    @property
    def is_staff(self) -> bool:
        return self.is_active
