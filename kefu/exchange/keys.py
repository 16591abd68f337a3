"""Which keys a token may be checked with: a brand's shared secrets, or its platform's key set, fetched when it must be."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import now

from kefu.exchange.fetching import NotFetched, fetch
from kefu.exchange.jwk import Key, NotASet, key_of, read_set
from kefu.exchange.models import KeySource, Platform
from kefu.exchange.refusals import NotVouched, Reason

log = logging.getLogger("kefu.exchange")

OF_SECRETS = "HS256"
# A key that the platform took back is refused after so long.
FRESH_FOR = timedelta(minutes=10)
# While the platform's server is down its keys stay good, but not for ever.
GOOD_FOR = timedelta(hours=24)
# Whoever invents key ids makes us ask no more often than this.
BETWEEN_TRIES = timedelta(seconds=30)


def keys_for(platform: Platform, key_id: str | None) -> list[Key]:
    """The keys of this id; without one the only key of a set, or all shared secrets. Raises NotVouched."""
    found = (
        _secrets(platform, key_id) if platform.source == KeySource.SECRET else _public_keys(platform, key_id)
    )
    if not found:
        raise NotVouched(Reason.UNKNOWN_KEY)
    return found


def fetch_keys(platform: Platform) -> Platform:
    """Ask the platform for its key set now. Raises NotFetched or NotASet, and the old keys stay then; or NotVouched.

    No transaction may be open meanwhile.
    """
    found = read_set(fetch(platform.jwks_url))
    Platform.objects.filter(pk=platform.pk, jwks_url=platform.jwks_url).update(jwks=found, fetched_at=now())
    return _as_it_is_now(platform)


def _secrets(platform: Platform, key_id: str | None) -> list[Key]:
    return [
        Key(one.key_id, OF_SECRETS, one.secret.encode())
        for one in platform.secrets.all()
        if key_id in {None, one.key_id}
    ]


def _public_keys(platform: Platform, key_id: str | None) -> list[Key]:
    if not _was_fetched_within(platform, FRESH_FOR):
        platform = _fetched_again(platform)
    found = _chosen(platform, key_id)
    if not found:
        platform = _fetched_again(platform)
        found = _chosen(platform, key_id)
    if not _was_fetched_within(platform, GOOD_FOR) or not (found or _is_answered(platform)):
        raise NotVouched(Reason.NO_KEYS)
    return found


def _chosen(platform: Platform, key_id: str | None) -> list[Key]:
    keys = [key for jwk in platform.jwks if (key := key_of(jwk))]
    if key_id is None:
        return keys if len(keys) == 1 else []
    return [key for key in keys if key.key_id == key_id]


def _fetched_again(platform: Platform) -> Platform:
    """As it is after one try, ours or that of whoever tried a moment ago."""
    at = now()
    may_try = Q(tried_at=None) | Q(tried_at__lt=at - BETWEEN_TRIES)
    if not Platform.objects.filter(may_try, pk=platform.pk).update(tried_at=at):
        return _as_it_is_now(platform)
    try:
        return fetch_keys(platform)
    except (NotFetched, NotASet) as problem:
        log.warning(
            "keys_not_fetched",
            extra={"brand": platform.brand_id, "problem": f"{type(problem).__name__} {problem}".strip()},
        )
        return _as_it_is_now(platform)


def _as_it_is_now(platform: Platform) -> Platform:
    """Raises NotVouched if an operator has just removed it."""
    now_there = Platform.objects.filter(pk=platform.pk).first()
    if now_there is None:
        raise NotVouched(Reason.NO_PLATFORM)
    return now_there


def _is_answered(platform: Platform) -> bool:
    """Whether the last try brought a key set. While another request still waits for it, or if it failed, a key that we don't
    have may be a new one of the platform's.
    """
    if platform.fetched_at is None:
        return False
    return platform.tried_at is None or platform.tried_at <= platform.fetched_at


def _was_fetched_within(platform: Platform, time: timedelta) -> bool:
    return platform.fetched_at is not None and platform.fetched_at > now() - time
