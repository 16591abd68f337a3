"""Fields, keys, tokens and limits."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from kefu.accounts.models import Customer, Identity, Level
from kefu.brands.models import Brand
from kefu.safety.fields import NotGuarded
from kefu.safety.guard import Guarded, guard
from kefu.safety.keyring import Unreadable, add_key, ring
from kefu.safety.limits import Limit, TooMany, prune_limits, take
from kefu.safety.models import Counter, OfficialWay
from kefu.safety.rotation import rotate
from kefu.safety.tokens import keyed_hash, new_token, token_hash

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand():
    return Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans"])


def identity(brand, value="chen@mail.example"):
    customer = Customer.objects.create(brand=brand)
    return Identity.objects.create(
        customer=customer,
        kind="email",
        value=value,
        value_hash=keyed_hash(value),
        level=Level.CLAIMED,
        reason="typed",
    )


def test_text_that_was_not_guarded_is_never_stored(brand):
    customer = Customer.objects.create(brand=brand, name=guard("陈晓"))

    for attempt in (
        lambda: Customer.objects.create(brand=brand, name="陈晓"),
        lambda: Customer.objects.bulk_create([Customer(brand=brand, name="陈晓")]),
        lambda: Customer.objects.filter(pk=customer.pk).update(name="陈晓"),
        lambda: Customer.objects.update_or_create(pk=customer.pk, defaults={"name": "x"}),
    ):
        with pytest.raises(NotGuarded), transaction.atomic():
            attempt()

    assert [str(name) for name in Customer.objects.values_list("name", flat=True)] == ["陈晓"]


def test_what_is_read_is_guarded_and_may_be_saved_again(brand):
    customer = Customer.objects.get(pk=Customer.objects.create(brand=brand, name=guard("陈晓")).pk)

    assert isinstance(customer.name, Guarded)
    customer.save()


def test_an_encrypted_value_is_nowhere_in_clear(brand):
    one = identity(brand)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM accounts_identity WHERE id = %s", [one.pk])
        stored = cursor.fetchone()[0]

    assert "chen" not in stored
    assert Identity.objects.get(pk=one.pk).value == "chen@mail.example"
    assert Identity.objects.get(value_hash=keyed_hash("chen@mail.example")) == one


def test_after_rotation_everything_is_written_with_the_new_key_and_hashes_still_match(brand):
    one = identity(brand)
    before, hashed = ring().active, keyed_hash("x")

    written = rotate()

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM accounts_identity WHERE id = %s", [one.pk])
        stored = cursor.fetchone()[0]
    assert written >= 1
    assert ring().active != before
    assert ring().is_current(stored)
    assert Identity.objects.get(pk=one.pk).value == "chen@mail.example"
    assert keyed_hash("x") == hashed


def test_a_value_of_another_place_or_another_ring_is_unreadable():
    sealed = ring().encrypt("秘密", context="a.b")

    assert ring().decrypt(sealed, context="a.b") == "秘密"
    for value, context in (
        (sealed, "a.c"),
        (sealed[:-4] + "AAA=", "a.b"),
        ("1.none.AAAA", "a.b"),
        ("", "a.b"),
    ):
        with pytest.raises(Unreadable):
            ring().decrypt(value, context=context)


def test_an_older_key_still_reads():
    sealed = ring().encrypt("秘密", context="a.b")
    add_key()

    assert ring().decrypt(sealed, context="a.b") == "秘密"


def test_the_ring_is_its_owners_alone():
    ring()

    assert stat.S_IMODE(Path(settings.KEY_RING).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(settings.KEY_RING).parent.stat().st_mode) == 0o700


def test_tokens_are_long_and_never_alike():
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
    assert len(token_hash("x")) == len(keyed_hash("x")) == 64


def test_a_limit_refuses_what_is_too_much_and_says_when_to_come_back():
    limit = Limit("test", 3, timedelta(hours=1))
    for _ in range(3):
        take(limit, "203.0.113.9")

    with pytest.raises(TooMany) as refusal:
        take(limit, "203.0.113.9")

    assert timedelta() < refusal.value.retry_after <= timedelta(hours=1)
    take(limit, "203.0.113.10")


def test_a_new_window_begins_anew_and_old_counters_go():
    limit = Limit("test", 1, timedelta(hours=1))
    take(limit, "a")
    Counter.objects.update(began=1)

    take(limit, "a")
    Counter.objects.update(began=1)

    assert prune_limits() == 1


def test_whose_limit_it_is_can_not_be_read():
    take(Limit("test", 1, timedelta(hours=1)), "203.0.113.9")

    assert "203.0.113.9" not in str(Counter.objects.values())


def test_a_brand_shows_its_own_ways_only(brand):
    other = Brand.objects.create(key="other", name="Other", prefix="QT", languages=["en"])
    shown = OfficialWay.objects.create(
        brand=brand, kind="mail", value="support@xinghai.example", names={"en": "Mail"}
    )
    OfficialWay.objects.create(brand=brand, kind="phone", value="+44", is_shown=False)
    OfficialWay.objects.create(brand=other, kind="mail", value="support@other.example")

    assert list(OfficialWay.objects.shown(brand)) == [shown]
    assert shown.name_in("en") == "Mail"
    assert shown.name_in("zh-hans") == "support@xinghai.example"
