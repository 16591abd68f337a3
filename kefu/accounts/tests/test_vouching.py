"""The platform says who somebody is: they become that customer, upwards only, and nobody else does."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.actions import (
    CodeProblem,
    NotVouched,
    ask_for_code,
    claim_email,
    mint_code,
    open_session,
    prove_by_code,
    vouch,
)
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, CustomerSession, Identity, Level
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_brand, make_customer, make_other_brand, viewer_of
from kefu.accounts.viewers import CustomerViewer, customer_of
from kefu.brands.models import Brand
from kefu.exchange.tests.platforms import signed, with_secret
from kefu.journal.models import Entry
from kefu.safety.tokens import keyed_hash

pytestmark = pytest.mark.django_db

ADDRESS = "lin.xiaomei@mail.example"
MNEMONIC = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture
def brand() -> Brand:
    brand = make_brand()
    with_secret(brand)
    return brand


def come(brand: Brand, viewer: CustomerViewer | None = None, **claims: Any) -> Customer:
    """Whoever their new session says they are."""
    vouched = vouch(brand=brand, viewer=viewer, token=signed(**claims))
    arrived = customer_of({CUSTOMER_COOKIE: vouched.token})
    assert arrived is not None
    assert arrived.customer_id == vouched.customer.pk
    return Customer.objects.get(pk=arrived.customer_id)


def here(customer: Customer) -> CustomerViewer:
    """By a session of their own."""
    viewer = customer_of({CUSTOMER_COOKIE: open_session(customer=customer)})
    assert viewer is not None
    return viewer


def is_alive(viewer: CustomerViewer) -> bool:
    return CustomerSession.objects.alive().filter(pk=viewer.session_id).exists()


def mail_of(customer: Customer) -> tuple[str, int, str] | None:
    found = Identity.objects.mail_of(customer.pk)
    return (found.value, found.level, found.reason) if found else None


def test_the_platforms_user_is_one_customer_however_often_they_come(brand: Brand) -> None:
    first = come(brand, sub="u-1", name="林小美", language="zh-TW", phrase="蓝色的猫")
    again = come(brand, sub="u-1")
    other = come(brand, sub="u-2")

    assert (first.pk, first.level) == (again.pk, Level.VOUCHED)
    assert other.pk != first.pk
    assert (again.name, again.language, again.phrase) == ("林小美", "zh-hant", "蓝色的猫")
    identity = Identity.objects.get(customer=first)
    assert (identity.kind, identity.value, identity.level, identity.reason) == (
        "platform",
        "u-1",
        Level.VOUCHED,
        "vouched",
    )
    assert Entry.objects.filter(kind="customer.vouched", subject_id=identity.pk).count() == 2


def test_what_the_platform_says_now_replaces_what_it_said_before(brand: Brand) -> None:
    come(brand, name="Old Name", phrase="old phrase", language="en")

    customer = come(brand, name="New Name", phrase="new phrase", language="zh-hans")

    assert (customer.name, customer.phrase, customer.language) == ("New Name", "new phrase", "zh-hans")
    assert Entry.objects.filter(kind="customer.phrase_chosen", subject_id=customer.pk).count() == 2


@pytest.mark.parametrize(
    ("claim", "field", "kept"),
    [
        ({"name": "长" * 300}, "name", "长" * 80),
        (
            {"name": "legal winner thank year wave sausage worth useful legal winner thank yellow"},
            "name",
            "⟦secret:mnemonic⟧",
        ),
        ({"phrase": "abc"}, "phrase", ""),
        ({"phrase": "x" * 41}, "phrase", ""),
        ({"language": "tlh"}, "language", "zh-hans"),
        ({"language": "x" * 2000}, "language", "zh-hans"),
        ({"name": "a\0\n\u202eb"}, "name", "a b"),
    ],
    ids=str,
)
def test_what_can_not_be_kept_as_it_is_keeps_nobody_out(
    brand: Brand, claim: dict[str, str], field: str, kept: str
) -> None:
    assert getattr(come(brand, **claim), field) == kept


def test_a_visitor_becomes_the_platforms_user_with_what_they_asked(brand: Brand) -> None:
    visitor = make_customer()
    claim_email(customer=visitor, email=ADDRESS)
    viewer = here(visitor)

    customer = come(brand, viewer)

    visitor.refresh_from_db()
    assert visitor.merged_into == customer
    assert not is_alive(viewer), "Whoever knew that session's token was vouched for by nobody."
    assert mail_of(customer) is None, "Letters to a user go nowhere that a guest has typed."


def test_somebody_proven_is_never_merged_but_makes_room(brand: Brand) -> None:
    proven = make_customer(level=Level.PROVEN)
    viewer, elsewhere = here(proven), here(proven)

    customer = come(brand, viewer)

    proven.refresh_from_db()
    assert (proven.merged_into, customer.pk == proven.pk) == (None, False)
    assert (is_alive(viewer), is_alive(elsewhere)) == (False, True)


def test_another_of_the_platforms_users_is_never_merged_but_makes_room(brand: Brand) -> None:
    first = come(brand, sub="u-1")
    viewer = here(first)

    second = come(brand, viewer, sub="u-2")

    first.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (None, None)
    assert not is_alive(viewer)


def test_who_comes_again_keeps_the_session_that_other_windows_have(brand: Brand) -> None:
    customer = come(brand, sub="u-1")
    viewer = here(customer)

    assert come(brand, viewer, sub="u-1").pk == customer.pk
    assert is_alive(viewer)


def test_a_session_ends_in_a_day(brand: Brand) -> None:
    vouched = vouch(brand=brand, viewer=None, token=signed())

    assert vouched.ends_at - now() < timedelta(days=1, seconds=1)
    with time_machine.travel(now() + timedelta(days=1, seconds=1)):
        assert customer_of({CUSTOMER_COOKIE: vouched.token}) is None


def test_by_no_other_door_they_stay_longer(brand: Brand) -> None:
    customer = come(brand)

    viewer = here(customer)

    ends_at = CustomerSession.objects.get(pk=viewer.session_id).ends_at
    assert ends_at - now() <= timedelta(days=1)


def test_an_address_counts_as_far_as_the_platform_has_checked_it(brand: Brand) -> None:
    assert mail_of(come(brand, sub="u-1", email=ADDRESS)) == (ADDRESS, Level.CLAIMED, "typed")
    assert mail_of(come(brand, sub="u-1", email=ADDRESS, email_verified=True)) == (
        ADDRESS,
        Level.VOUCHED,
        "vouched",
    )
    assert mail_of(come(brand, sub="u-1", email="new@mail.example", email_verified=True)) == (
        "new@mail.example",
        Level.VOUCHED,
        "vouched",
    )
    old = Identity.objects.get(kind="email", level=Level.CLAIMED)
    assert old.value == ADDRESS
    assert mail_of(come(brand, sub="u-1", email="new@mail.example", email_verified=False)) == (
        "new@mail.example",
        Level.CLAIMED,
        "typed",
    )


def test_what_a_code_has_proven_outlives_what_the_platform_says(brand: Brand) -> None:
    """Proven before the platform vouched for it, or after."""
    first, second = "first@mail.example", "second@mail.example"
    customer = come(brand, sub="u-1", email=first)
    prove(customer, first)
    come(brand, sub="u-1", email=first, email_verified=True)
    assert mail_of(customer) == (first, Level.VOUCHED, "vouched")
    come(brand, sub="u-1", email=second, email_verified=True)
    assert level_of(first) == (Level.PROVEN, "code")
    prove(customer, second)
    assert mail_of(customer) == (second, Level.VOUCHED, "vouched")

    come(brand, sub="u-1", email=second, email_verified=False)

    assert (level_of(first), level_of(second)) == ((Level.PROVEN, "code"), (Level.PROVEN, "code"))
    proven = Identity.objects.filter(kind="email").values_list("believed_at", "proven_at")
    assert all(since == at for since, at in proven), "They are believed since the proof."
    come(brand, sub="u-1", email=ADDRESS, email_verified=False)
    assert mail_of(customer) == (second, Level.PROVEN, "code")


def level_of(address: str) -> tuple[int, str]:
    return Identity.objects.values_list("level", "reason").get(value_hash=keyed_hash(address))


def prove(customer: Customer, address: str) -> None:
    code = ask_for_code(viewer=viewer_of(customer), identity=claim_email(customer=customer, email=address))
    digits = mint_code(code_id=code.pk)
    assert digits is not None
    assert not isinstance(prove_by_code(viewer=viewer_of(customer), typed=digits), CodeProblem)


def test_what_is_no_address_keeps_nobody_out(brand: Brand) -> None:
    assert mail_of(come(brand, email="not an address", email_verified=True)) is None


def test_an_address_that_the_platform_names_makes_nobody_somebody_else(brand: Brand) -> None:
    """Neither who had proven it, nor who only claims it, nor another user of the platform with the same address."""
    proven, claimer = make_customer(level=Level.PROVEN), make_customer()
    identity = claim_email(customer=proven, email=ADDRESS)
    Identity.objects.filter(pk=identity.pk).update(level=Level.PROVEN, reason="code")
    claim_email(customer=claimer, email=ADDRESS)

    first = come(brand, sub="u-1", email=ADDRESS, email_verified=True)
    second = come(brand, sub="u-2", email=ADDRESS, email_verified=True)

    assert len({proven.pk, claimer.pk, first.pk, second.pk}) == 4
    assert not Customer.objects.exclude(merged_into=None).exists()
    assert Identity.objects.get(customer=claimer).level == Level.CLAIMED


def test_a_guest_who_claims_a_vouched_address_stays_a_guest(brand: Brand) -> None:
    come(brand, email=ADDRESS, email_verified=True)
    guest = make_customer()

    claim_email(customer=guest, email=ADDRESS)

    guest.refresh_from_db()
    assert (guest.level, guest.merged_into) == (Level.CLAIMED, None)


def test_the_same_id_at_another_brand_is_somebody_else(brand: Brand) -> None:
    other = make_other_brand()
    with_secret(other)

    assert come(brand, sub="u-1").pk != come(other, sub="u-1").pk


def test_a_visitor_of_another_brand_is_not_taken_along(brand: Brand) -> None:
    stranger = viewer_of(make_customer(brand=make_other_brand()))

    with pytest.raises(Refused):
        vouch(brand=brand, viewer=stranger, token=signed())
    assert not Identity.objects.exists()


def test_behind_a_private_link_nobody_is_vouched_for(brand: Brand) -> None:
    with pytest.raises(Refused):
        vouch(brand=brand, viewer=viewer_of(make_customer(), only_conversation_id=1), token=signed())


def test_a_refused_token_changes_nothing(brand: Brand) -> None:
    viewer = here(make_customer())
    token = signed()
    vouch(brand=brand, viewer=None, token=token)
    before = [kind.objects.count() for kind in (Customer, Identity, CustomerSession, Entry)]

    for bad in (token, signed("Mallory's own secret, as long as ours is"), signed(aud="other")):
        with pytest.raises(NotVouched):
            vouch(brand=brand, viewer=viewer, token=bad)

    assert [kind.objects.count() for kind in (Customer, Identity, CustomerSession, Entry)] == before
    assert is_alive(viewer)


def test_nothing_of_the_token_stands_in_the_journal(brand: Brand) -> None:
    come(brand, sub="user-in-no-journal", name="Name In No Journal", email=ADDRESS, phrase="phrase in none")

    said = str(list(Entry.objects.values_list("payload", flat=True)))
    assert [one for one in ("no-journal", "No Journal", ADDRESS, "in none") if one in said] == []


def _at_once(brand: Brand, tokens: list[str]) -> list[str]:
    """What becomes of each: the customer's id, or why there is none."""
    outcomes: list[str] = []
    ready = threading.Barrier(len(tokens))

    def run(token: str) -> None:
        ready.wait(60)
        try:
            outcomes.append(str(vouch(brand=brand, viewer=None, token=token).customer.pk))
        except NotVouched as refused:
            outcomes.append(refused.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_the_same_token_at_once_one_comes_in(brand: Brand) -> None:
    token = signed()

    outcomes = _at_once(brand, [token] * 3)

    assert outcomes[1:] == ["replayed", "replayed"]
    assert (Customer.objects.count(), CustomerSession.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_comes_for_the_first_time_in_two_windows_is_one_customer(brand: Brand) -> None:
    outcomes = _at_once(brand, [signed(sub="u-1") for _ in range(3)])

    assert len(set(outcomes)) == 1
    assert (Customer.objects.count(), CustomerSession.objects.count()) == (1, 3)
