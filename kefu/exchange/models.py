"""How a brand's platform signs, as data that operators change while Kefu runs; and which of its tokens were used."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.brands.models import Brand
from kefu.journal.actor import Actor, ActorKind
from kefu.safety.fields import EncryptedTextField, PlainTextField
from kefu.safety.networks import is_loopback

LONGEST_NAME = 255


class KeySource(models.TextChoices):
    """Where the keys come from. Each allows its own algorithms and none of the other's."""

    JWKS = "jwks"
    SECRET = "secret"  # noqa: S105 - the name of a source


class Platform(models.Model):
    """The platform of one brand. `audience` is what its tokens must call us; `issuer` what they must call it.

    `jwks` holds the public keys as they were fetched last; `tried_at` is when somebody last went to fetch them.
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="platform")
    issuer = PlainTextField(max_length=LONGEST_NAME)
    audience = PlainTextField(max_length=LONGEST_NAME)
    source = models.CharField(max_length=10, choices=KeySource.choices)
    jwks_url = PlainTextField(max_length=500, blank=True)
    jwks = models.JSONField(default=list, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"platform of brand {self.brand_id}"

    def clean(self) -> None:
        """Raises ValidationError."""
        for name in ("issuer", "audience"):
            said = str(getattr(self, name))
            if not said.isprintable() or len(said) > LONGEST_NAME:
                raise ValidationError({name: _("Write it in one line, as the tokens have it.")})
        if self.source == KeySource.JWKS and not _is_safe(self.jwks_url):
            raise ValidationError(
                {"jwks_url": _("Write the whole address of the key set, beginning with https://.")}
            )

    def written(self) -> dict[str, object]:
        """All that operators said of it, as values for a revision; of secrets only their ids."""
        said = {name: getattr(self, name) for name in ("issuer", "audience", "source", "jwks_url")}
        return said | {"secrets": [secret.key_id for secret in self.secrets.all()]}


def _is_safe(url: str) -> bool:
    """Over TLS, or from this very machine: a key set that somebody could change on the way proves nothing."""
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return is_plain and has_place and _is_private(parts) and not (parts.username or parts.fragment)


def _is_private(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


class PlatformSecret(models.Model):
    """A secret that we share with the platform. There may be two, while one takes the other's place."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="secrets")
    key_id = models.CharField(max_length=16)
    secret = EncryptedTextField()
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["platform", "key_id"], name="one_secret_a_key_id")]

    def __str__(self) -> str:
        return f"secret {self.key_id}"


class PlatformRevision(models.Model):
    """What somebody changed in how a platform signs, before and after; empty where there was nothing."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="platform_revisions")
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(default=now, editable=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"revision {self.pk} of the platform of brand {self.brand_id}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id)


class UsedToken(models.Model):
    """A token that somebody came with. Kept as a hash until it could not come again anyway."""

    token_hash = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"used token {self.pk}"
