"""How a platform signs is said by who may, kept with its revisions, and its secrets are shown to nobody."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.models import Role
from kefu.accounts.tests.factories import make_brand, make_other_brand, make_staff
from kefu.brands.models import Brand
from kefu.exchange.actions import (
    NoSecretsHere,
    PlatformText,
    TwoSecrets,
    WeakSecret,
    add_secret,
    end_older_secret,
    remove_platform,
    set_platform,
    use_token,
)
from kefu.exchange.models import KeySource, Platform, PlatformRevision, PlatformSecret, UsedToken
from kefu.exchange.refusals import NotVouched, Reason
from kefu.exchange.tests.platforms import AUDIENCE, ISSUER, SECRET, signed, with_key_set, with_secret
from kefu.exchange.tokens import read_token
from kefu.journal.actor import SYSTEM, customer_actor
from kefu.journal.models import Entry
from kefu.safety.permission import MayNotChange
from kefu.safety.retention import retain_all
from kefu.safety.rotation import rotate

pytestmark = pytest.mark.django_db

JWKS = "https://exchange.example/keys.json"


@pytest.fixture
def brand() -> Brand:
    return make_brand()


def text(**changes: object) -> PlatformText:
    said = {"issuer": ISSUER, "audience": AUDIENCE, "source": KeySource.SECRET} | changes
    return PlatformText(**said)  # type: ignore[arg-type]


def test_a_secret_is_kept_encrypted_and_stands_in_no_revision_or_entry(brand: Brand) -> None:
    platform = with_secret(brand)

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM exchange_platformsecret")
        stored = cursor.fetchone()[0]
    revisions = [str([one.before, one.after]) for one in PlatformRevision.objects.all()]
    entries = Entry.objects.filter(kind="platform.changed")
    assert SECRET not in stored
    assert platform.secrets.get().secret == SECRET
    assert not [one for one in revisions if SECRET in one]
    assert len(revisions) == entries.count() == 2
    assert {entry.payload["revision_id"] for entry in entries} == {
        one.pk for one in PlatformRevision.objects.all()
    }


def test_turning_the_key_ring_keeps_the_secrets(brand: Brand) -> None:
    with_secret(brand)

    rotate()

    assert read_token(brand_id=brand.pk, token=signed()).user_id


def test_saying_the_same_again_leaves_no_revision(brand: Brand) -> None:
    with_key_set(brand, JWKS)
    with_key_set(brand, JWKS)

    assert PlatformRevision.objects.count() == 1


def test_another_address_forgets_the_keys_of_the_old_one(brand: Brand) -> None:
    platform = with_key_set(brand, JWKS)
    Platform.objects.update(jwks=[{"kty": "RSA"}], fetched_at=now(), tried_at=now())

    with_key_set(brand, f"{JWKS}?v=2")

    platform.refresh_from_db()
    assert (platform.jwks, platform.fetched_at, platform.tried_at) == ([], None, None)


def test_who_leaves_shared_secrets_for_a_key_set_leaves_them_for_good(brand: Brand) -> None:
    platform = with_secret(brand)

    with_key_set(brand, JWKS)

    assert not PlatformSecret.objects.exists()
    platform.refresh_from_db()
    with pytest.raises(NoSecretsHere):
        add_secret(platform=platform, by=SYSTEM)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://exchange.example/keys.json",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "ftp://exchange.example/keys.json",
        "file:///etc/passwd",
        "https://",
        "https:///keys.json",
        "https://user:password@exchange.example/",
        "https://exchange.example/#keys",
        "https://exchange.example/a b",
        "https://exchange.example:99999/",
        "https://[::1",
        "//exchange.example/keys.json",
        "https://exchange.example/\nkeys",
        "https://交易所.example/",
    ],
)
def test_a_key_set_comes_over_a_safe_line_or_from_this_machine(brand: Brand, url: str) -> None:
    with pytest.raises(ValidationError):
        with_key_set(brand, url)
    assert not Platform.objects.exists()


@pytest.mark.parametrize(
    "url", [JWKS, "https://exchange.example", "http://localhost:8001/keys.json", "http://[::1]:8001/k"]
)
def test_these_are_safe(brand: Brand, url: str) -> None:
    assert with_key_set(brand, url).jwks_url == url


@pytest.mark.parametrize(
    "changes", [{"issuer": ""}, {"audience": ""}, {"issuer": "a\nb"}, {"issuer": "x" * 256}]
)
def test_issuer_and_audience_are_a_line_each(brand: Brand, changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        set_platform(brand=brand, text=text(**changes), by=SYSTEM)


@pytest.mark.parametrize(
    "secret", ["short", "x" * 31, "a" * 64, "abcabcabcabcabcabcabcabcabcabcabcabc", "é" * 400]
)
def test_a_secret_that_could_be_guessed_is_not_taken(brand: Brand, secret: str) -> None:
    platform = set_platform(brand=brand, text=text(), by=SYSTEM)

    with pytest.raises(WeakSecret):
        add_secret(platform=platform, by=SYSTEM, secret=secret)


def test_a_third_secret_waits_for_the_end_of_the_first(brand: Brand) -> None:
    platform = with_secret(brand)
    add_secret(platform=platform, by=SYSTEM)

    with pytest.raises(TwoSecrets):
        add_secret(platform=platform, by=SYSTEM)

    assert end_older_secret(platform=platform, by=SYSTEM)
    assert end_older_secret(platform=platform, by=SYSTEM) is None
    assert add_secret(platform=platform, by=SYSTEM).secret


def test_a_removed_platform_vouches_for_nobody(brand: Brand) -> None:
    with_secret(brand)

    assert remove_platform(brand=brand, by=SYSTEM)

    assert not remove_platform(brand=brand, by=SYSTEM)
    with pytest.raises(NotVouched):
        read_token(brand_id=brand.pk, token=signed())
    assert Entry.objects.filter(kind="platform.removed").count() == 1


def test_mallory_changes_nothing_of_how_the_platform_signs(brand: Brand) -> None:
    platform = with_secret(brand)
    staff = make_staff()
    mallories = [staff[role].actor for role in (Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.AUDITOR)]

    for actor in [*mallories, customer_actor(1)]:
        with pytest.raises(MayNotChange):
            set_platform(brand=brand, text=text(issuer="https://evil.example"), by=actor)
        with pytest.raises(MayNotChange):
            add_secret(platform=platform, by=actor)
        with pytest.raises(MayNotChange):
            end_older_secret(platform=platform, by=actor)
        with pytest.raises(MayNotChange):
            remove_platform(brand=brand, by=actor)

    platform.refresh_from_db()
    assert (platform.issuer, platform.secrets.count()) == (ISSUER, 1)
    assert add_secret(platform=platform, by=staff[Role.ADMIN].actor).secret


def test_a_token_is_used_once(brand: Brand) -> None:
    with_secret(brand)
    user = read_token(brand_id=brand.pk, token=signed())

    use_token(user=user)

    with pytest.raises(NotVouched) as refused:
        use_token(user=user)
    assert refused.value.reason is Reason.REPLAYED


def test_the_same_id_from_two_platforms_is_two_tokens(brand: Brand) -> None:
    with_secret(brand)
    with_secret(make_other_brand())
    token = signed(jti="the-same-id")

    for brand_id in Brand.objects.values_list("pk", flat=True):
        use_token(user=read_token(brand_id=brand_id, token=token))

    assert UsedToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_token_at_once_one_is_told_so(brand: Brand) -> None:
    with_secret(brand)
    user = read_token(brand_id=brand.pk, token=signed())
    outcomes: list[str] = []
    ready = threading.Barrier(4)

    def run() -> None:
        ready.wait(60)
        try:
            use_token(user=user)
            outcomes.append("used")
        except NotVouched as refused:
            outcomes.append(refused.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes) == ["replayed", "replayed", "replayed", "used"]


def test_used_tokens_go_a_day_after_they_ended(brand: Brand) -> None:
    with_secret(brand)
    for _ in range(2):
        use_token(user=read_token(brand_id=brand.pk, token=signed()))
    last = UsedToken.objects.latest("pk")
    UsedToken.objects.filter(pk=last.pk).update(ends_at=now() - timedelta(days=1, minutes=1))

    retain_all(now())

    assert UsedToken.objects.count() == 1
    assert not UsedToken.objects.filter(pk=last.pk).exists()
