"""Somebody comes while they are erased, or become another: they are met as they are afterwards, and nothing comes back."""

from __future__ import annotations

import pytest

from kefu.accounts.actions import (
    CodeProblem,
    Gone,
    Vouched,
    ask_for_code,
    claim_email,
    erase_customer,
    mint_code,
    prove_by_code,
    vouch,
)
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, CustomerSession, Identity, Level
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.accounts.tests.factories import make_brand, make_customer, viewer_of
from kefu.accounts.viewers import customer_of
from kefu.brands.models import Brand
from kefu.exchange.tests.platforms import signed, with_secret
from kefu.journal.actor import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, NAME = "lin.xiaomei@mail.example", "林小美"


@pytest.fixture
def brand() -> Brand:
    brand = make_brand()
    with_secret(brand)
    return brand


def come(brand: Brand, by: Customer | None = None) -> Vouched:
    token = signed(name=NAME, email=ADDRESS, email_verified=True, phrase="蓝色的猫")
    return vouch(brand=brand, viewer=viewer_of(by) if by else None, token=token)


def erase(customer: Customer) -> Customer:
    return erase_customer(customer=customer, by=SYSTEM)


def asked(customer: Customer) -> str:
    """The digits that went to the address."""
    identity = claim_email(customer=customer, email=ADDRESS)
    digits = mint_code(code_id=ask_for_code(viewer=viewer_of(customer), identity=identity).pk)
    assert digits is not None
    return digits


def prove(customer: Customer, digits: str) -> str | CodeProblem:
    return prove_by_code(viewer=viewer_of(customer), typed=digits)


def assert_nothing_is_left_of(customer: Customer) -> None:
    customer.refresh_from_db()
    assert customer.erased_at is not None
    assert (str(customer.name), customer.phrase, customer.level) == ("", "", Level.ANONYMOUS)
    assert customer.merged_into is None
    assert not Identity.objects.filter(customer=customer).exists()
    assert not CustomerSession.objects.filter(customer=customer).exists()


def test_an_erased_user_of_the_platform_comes_back_as_somebody_new(brand: Brand) -> None:
    erased = come(brand).customer
    erase(erased)

    again = come(brand).customer

    assert again != erased
    assert str(again.name) == NAME
    assert_nothing_is_left_of(erased)


@only_postgresql
def test_who_is_vouched_for_while_they_are_erased_is_somebody_new(brand: Brand) -> None:
    erased = come(brand).customer

    vouched = once_it_waits(lambda: erase(erased), lambda: come(brand))

    assert vouched.customer != erased
    assert_nothing_is_left_of(erased)
    viewer = customer_of({CUSTOMER_COOKIE: vouched.token})
    assert viewer is not None
    assert viewer.customer_id == vouched.customer.pk


@only_postgresql
def test_who_is_erased_while_they_are_vouched_for_is_erased_whole(brand: Brand) -> None:
    customer = come(brand).customer
    vouched: list[Vouched] = []

    once_it_waits(lambda: vouched.append(come(brand)), lambda: erase(customer))

    assert_nothing_is_left_of(customer)
    assert customer_of({CUSTOMER_COOKIE: vouched[0].token}) is None


@only_postgresql
def test_a_visitor_who_is_erased_is_taken_into_nobody(brand: Brand) -> None:
    visitor = make_customer()

    vouched = once_it_waits(lambda: erase(visitor), lambda: come(brand, by=visitor))

    assert_nothing_is_left_of(visitor)
    assert vouched.customer.level == Level.VOUCHED


@only_postgresql
def test_two_windows_of_a_visitor_who_becomes_a_new_user_of_the_platform_wait_for_no_other(
    brand: Brand,
) -> None:
    visitor = make_customer()
    first: list[Vouched] = []

    second = once_it_waits(lambda: first.append(come(brand, by=visitor)), lambda: come(brand, by=visitor))

    assert first[0].customer == second.customer
    visitor.refresh_from_db()
    assert visitor.merged_into == second.customer


@only_postgresql
def test_the_code_of_who_is_erased_proves_nothing() -> None:
    customer = make_customer()
    digits = asked(customer)

    outcome = once_it_waits(
        lambda: list(Customer.objects.locked().filter(pk=customer.pk)),
        lambda: prove(customer, digits),
        then=lambda: erase(customer),
    )

    assert outcome is CodeProblem.ENDED
    assert_nothing_is_left_of(customer)


@only_postgresql
def test_who_is_erased_while_they_prove_an_address_is_erased_whole() -> None:
    customer = make_customer()
    digits = asked(customer)

    once_it_waits(lambda: prove(customer, digits), lambda: erase(customer))

    assert_nothing_is_left_of(customer)


@only_postgresql
def test_who_proves_the_address_of_somebody_who_is_erased_is_not_merged_into_them() -> None:
    earlier, customer = make_customer(), make_customer()
    prove(earlier, asked(earlier))
    digits = asked(customer)

    token = once_it_waits(lambda: erase(earlier), lambda: prove(customer, digits))

    assert_nothing_is_left_of(earlier)
    customer.refresh_from_db()
    assert (customer.merged_into, customer.level) == (None, Level.PROVEN)
    assert customer_of({CUSTOMER_COOKIE: str(token)}) is not None


@only_postgresql
def test_the_code_of_a_guest_who_becomes_the_platforms_user_proves_nothing(brand: Brand) -> None:
    guest = make_customer()
    digits = asked(guest)
    vouched: list[Vouched] = []

    outcome = once_it_waits(lambda: vouched.append(come(brand, by=guest)), lambda: prove(guest, digits))

    assert outcome is CodeProblem.ENDED
    guest.refresh_from_db()
    assert (guest.merged_into, guest.level) == (vouched[0].customer, Level.CLAIMED)
    assert not CustomerSession.objects.alive().filter(customer=guest).exists()


@only_postgresql
def test_no_address_is_kept_of_who_is_erased() -> None:
    customer = make_customer()

    with pytest.raises(Gone):
        once_it_waits(lambda: erase(customer), lambda: claim_email(customer=customer, email=ADDRESS))

    assert_nothing_is_left_of(customer)


def test_no_address_is_kept_of_who_was_erased_or_became_another(brand: Brand) -> None:
    erased, guest = make_customer(), make_customer()
    erase(erased)
    come(brand, by=guest)

    for gone in (erased, guest):
        with pytest.raises(Gone):
            claim_email(customer=gone, email=ADDRESS)
