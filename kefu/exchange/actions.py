"""What is done to a platform's settings, each raising MayNotChange for whom the policy refuses; and using a token up."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from kefu.brands.models import Brand
from kefu.exchange.events import PlatformChanged, PlatformRemoved
from kefu.exchange.models import KeySource, Platform, PlatformRevision, PlatformSecret, UsedToken
from kefu.exchange.refusals import NotVouched, Reason
from kefu.exchange.tokens import PlatformUser
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.safety.permission import require_permission
from kefu.safety.retention import remove_in_chunks
from kefu.safety.tokens import new_token

FETCHED = ("jwks", "fetched_at", "tried_at")
MOST_SECRETS = 2
SHORTEST_SECRET, LONGEST_SECRET = 32, 512


@dataclass(frozen=True, kw_only=True)
class PlatformText:
    """How a platform signs."""

    issuer: str
    audience: str
    source: KeySource
    jwks_url: str = ""


@dataclass(frozen=True)
class NewSecret:
    """The secret is told once, to whoever made it."""

    key_id: str
    secret: str


class NoSecretsHere(ValueError):
    """The platform signs with keys of its own."""


class TwoSecrets(ValueError):
    """There are two already; end the older one first."""


class WeakSecret(ValueError):
    """It is shorter than 32 bytes, or hardly varied: whoever sees one token could find it by trying."""


@transaction.atomic
def set_platform(*, brand: Brand, text: PlatformText, by: Actor) -> Platform:
    """Say how the brand's platform signs from now on. Raises ValidationError.

    Who leaves shared secrets for a key set leaves them for good.
    """
    require_permission(by, brand.pk)
    platform = _locked(brand) or Platform(brand=brand)
    before = platform.written() if platform.pk else {}
    old_url = platform.jwks_url
    for name, value in asdict(text).items():
        setattr(platform, name, value)
    platform.full_clean()
    if platform.source == KeySource.SECRET:
        platform.jwks_url = ""
    if platform.jwks_url != old_url:
        platform.jwks, platform.fetched_at, platform.tried_at = [], None, None
    platform.save(update_fields=[*asdict(text), *FETCHED] if platform.pk else None)
    if platform.source == KeySource.JWKS:
        platform.secrets.all().delete()
    _remember(platform, before, by=by)
    return platform


@transaction.atomic
def add_secret(*, platform: Platform, by: Actor, secret: str = "") -> NewSecret:
    """Share one more secret with the platform, its own or a new one; the older is good until it is ended.

    Raises NoSecretsHere, TwoSecrets, WeakSecret.
    """
    require_permission(by, platform.brand_id)
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    if platform.source != KeySource.SECRET:
        raise NoSecretsHere
    if platform.secrets.count() >= MOST_SECRETS:
        raise TwoSecrets
    if secret:
        _require_strong(secret)
    before = platform.written()
    made = NewSecret(secrets.token_hex(4), secret or new_token())
    PlatformSecret.objects.create(platform=platform, key_id=made.key_id, secret=made.secret)
    _remember(platform, before, by=by)
    return made


@transaction.atomic
def end_older_secret(*, platform: Platform, by: Actor) -> str | None:
    """The id of the older of two secrets, which is good no more; None if there is only one."""
    require_permission(by, platform.brand_id)
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    before = platform.written()
    if platform.secrets.count() < MOST_SECRETS:
        return None
    older = platform.secrets.order_by("pk")[0]
    older.delete()
    _remember(platform, before, by=by)
    return older.key_id


@transaction.atomic
def remove_platform(*, brand: Brand, by: Actor) -> bool:
    """Believe its tokens no more; whether there was one. Who came by one before stays who they are."""
    require_permission(by, brand.pk)
    platform = _locked(brand)
    if platform is None:
        return False
    revision = _revision(platform, platform.written(), {}, by=by)
    record(PlatformRemoved(actor=by, brand_id=brand.pk, subject_id=platform.pk, revision_id=revision.pk))
    platform.delete()
    return True


@transaction.atomic
def use_token(*, user: PlatformUser) -> None:
    """Of two who come with the same token at once, one is told REPLAYED. Raises NotVouched."""
    _, is_new = UsedToken.objects.get_or_create(
        token_hash=user.token_hash, defaults={"ends_at": user.ends_at}
    )
    if not is_new:
        raise NotVouched(Reason.REPLAYED)


def forget_used_tokens(before: datetime) -> int:
    return remove_in_chunks(UsedToken.objects.filter(ends_at__lt=before))


def _locked(brand: Brand) -> Platform | None:
    return Platform.objects.select_for_update().filter(brand=brand).first()


def _require_strong(secret: str) -> None:
    size = len(secret.encode())
    if not SHORTEST_SECRET <= size <= LONGEST_SECRET or len(set(secret)) < SHORTEST_SECRET // 3:
        raise WeakSecret


def _remember(platform: Platform, before: dict[str, object], *, by: Actor) -> None:
    after = platform.written()
    if after == before:
        return
    revision = _revision(platform, before, after, by=by)
    changed = PlatformChanged(
        actor=by, brand_id=platform.brand_id, subject_id=platform.pk, revision_id=revision.pk
    )
    record(changed)


def _revision(
    platform: Platform, before: dict[str, object], after: dict[str, object], *, by: Actor
) -> PlatformRevision:
    return PlatformRevision.objects.create(
        brand_id=platform.brand_id, actor_kind=by.kind, actor_id=by.id, before=before, after=after
    )
