"""An address is proven by six digits that were sent there, and by nothing less."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from kefu.accounts.actions import (
    CodeProblem,
    ask_for_code,
    claim_email,
    mint_code,
    open_session,
    prove_by_code,
)
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.accounts.people.codes import MOST_TRIES
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_customer, make_other_brand, viewer_of
from kefu.accounts.viewers import customer_of, link_holder_of
from kefu.journal.models import Entry
from kefu.safety.retention import retain_all

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "lin.xiaomei@mail.example"


def ask(customer: Customer, address: str = ADDRESS) -> OneTimeCode:
    identity = claim_email(customer=customer, email=address)
    return ask_for_code(viewer=viewer_of(customer), identity=identity)


def minted(code: OneTimeCode) -> str:
    digits = mint_code(code_id=code.pk)
    assert digits is not None
    return digits


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


def is_token(outcome: object) -> bool:
    return not isinstance(outcome, CodeProblem)


def prove(customer: Customer, address: str = ADDRESS) -> str:
    """The new session's token."""
    token = prove_by_code(viewer=viewer_of(customer), typed=minted(ask(customer, address)))
    assert is_token(token)
    return token


def test_the_digits_prove_the_address_and_only_once():
    customer = make_customer()
    digits = minted(ask(customer))

    assert len(digits) == 6
    assert is_token(prove_by_code(viewer=viewer_of(customer), typed=f" {digits[:3]} {digits[3:]} "))
    customer.refresh_from_db()
    identity = Identity.objects.get(customer=customer)
    assert (customer.level, identity.level, identity.reason) == (Level.PROVEN, Level.PROVEN, "code")
    assert prove_by_code(viewer=viewer_of(customer), typed=digits) is CodeProblem.ENDED
    assert Entry.objects.filter(kind="customer.address_proven", subject_id=identity.pk).count() == 1


def test_nothing_of_the_digits_is_kept_but_a_keyed_hash():
    code = ask(make_customer())
    digits = minted(code)
    code.refresh_from_db()

    assert digits not in str(code.hashes)
    assert len(code.hashes[0]) == 64
    assert not Entry.objects.filter(payload__icontains=digits).exists()


def test_five_wrong_tries_end_the_code_even_for_the_right_digits():
    customer = make_customer()
    digits = minted(ask(customer))

    tries = [prove_by_code(viewer=viewer_of(customer), typed=wrong(digits)) for _ in range(MOST_TRIES)]

    assert tries == [CodeProblem.WRONG] * MOST_TRIES
    assert prove_by_code(viewer=viewer_of(customer), typed=digits) is CodeProblem.ENDED
    assert Identity.objects.get(customer=customer).level == Level.CLAIMED


@pytest.mark.parametrize("typed", ["", "      ", "验证码", "12345", "1234567", "１２３"])
def test_what_is_no_code_is_wrong(typed):
    customer = make_customer()
    minted(ask(customer))

    assert prove_by_code(viewer=viewer_of(customer), typed=typed) is CodeProblem.WRONG


def test_digits_in_full_width_are_read_as_they_are_meant():
    customer = make_customer()
    digits = minted(ask(customer))
    wide = digits.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})

    assert is_token(prove_by_code(viewer=viewer_of(customer), typed=wide))


def test_after_ten_minutes_there_is_nothing_to_mint_and_nothing_to_try():
    customer = make_customer()
    code = ask(customer)
    digits = minted(code)

    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        assert mint_code(code_id=code.pk) is None
        assert prove_by_code(viewer=viewer_of(customer), typed=digits) is CodeProblem.ENDED


def test_asking_again_ends_the_earlier_code():
    customer = make_customer()
    first = minted(ask(customer))
    second = ask(customer)

    assert prove_by_code(viewer=viewer_of(customer), typed=first) is CodeProblem.WRONG
    assert is_token(prove_by_code(viewer=viewer_of(customer), typed=minted(second)))


def test_a_letter_that_is_sent_once_more_carries_digits_that_are_as_good():
    customer = make_customer()
    code = ask(customer)
    minted(code)
    again = minted(code)

    assert is_token(prove_by_code(viewer=viewer_of(customer), typed=again))


def test_the_code_of_somebody_else_proves_nothing():
    customer, mallory = make_customer(), make_customer()
    digits = minted(ask(customer))
    ask(mallory)

    assert prove_by_code(viewer=viewer_of(mallory), typed=digits) is CodeProblem.WRONG
    with pytest.raises(Identity.DoesNotExist):
        ask_for_code(viewer=viewer_of(mallory), identity=Identity.objects.get(customer=customer))


def test_behind_a_private_link_nobody_proves_anything():
    customer = make_customer()
    identity = claim_email(customer=customer, email=ADDRESS)
    viewer = viewer_of(customer, only_conversation_id=1)

    with pytest.raises(Refused):
        ask_for_code(viewer=viewer, identity=identity)
    with pytest.raises(Refused):
        prove_by_code(viewer=viewer, typed="123456")


def test_who_proves_an_address_becomes_who_had_proven_it_before():
    at_home, on_the_phone = make_customer(), make_customer()
    prove(at_home)
    planted = open_session(customer=on_the_phone)
    by_link = open_session(customer=on_the_phone, only_conversation_id=7)

    token = prove(on_the_phone)

    on_the_phone.refresh_from_db()
    viewer = customer_of({CUSTOMER_COOKIE: token})
    assert customer_of({CUSTOMER_COOKIE: planted}) is None, "Whoever planted that cookie has proven nothing."
    assert link_holder_of({LINK_COOKIE: by_link}) is None, (
        "Whoever got a guest's link has proven nothing either."
    )
    assert on_the_phone.merged_into == at_home
    assert viewer is not None
    assert viewer.customer_id == at_home.pk
    assert [one.customer_id for one in Identity.objects.all()] == [at_home.pk]
    entry = Entry.objects.get(kind="customer.merged")
    assert entry.payload == {"customer_ids": [on_the_phone.pk], "into_id": at_home.pk}


def test_what_somebody_proven_gave_out_goes_on_when_they_become_another():
    at_home, on_the_phone = make_customer(), make_customer()
    prove(at_home)
    prove(on_the_phone, "other@mail.example")
    by_link = open_session(customer=on_the_phone, only_conversation_id=7)

    prove(on_the_phone)

    linked = link_holder_of({LINK_COOKIE: by_link})
    assert (linked.customer_id, linked.only_conversation_id) == (at_home.pk, 7)


def test_who_only_claims_an_address_is_never_merged_with_who_proves_it():
    claimer, owner = make_customer(), make_customer()
    claim_email(customer=claimer, email=ADDRESS)
    token = open_session(customer=claimer)

    prove(owner)

    viewer = customer_of({CUSTOMER_COOKIE: token})
    assert viewer is not None
    assert viewer.customer_id == claimer.pk
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_the_same_address_at_another_brand_is_somebody_else():
    here, there = make_customer(), make_customer(brand=make_other_brand())
    prove(here)
    prove(there)

    assert not Customer.objects.exclude(merged_into=None).exists()


def test_whom_the_platform_vouches_for_is_merged_into_nobody():
    proven, vouched = make_customer(), make_customer()
    prove(proven)
    Customer.objects.filter(pk=vouched.pk).update(level=Level.VOUCHED)

    prove(vouched)

    vouched.refresh_from_db()
    assert (vouched.merged_into, vouched.level) == (None, Level.VOUCHED)


def test_a_proof_ends_the_sessions_from_before_it():
    customer = make_customer()
    planted = open_session(customer=customer)

    token = prove(customer)

    assert customer_of({CUSTOMER_COOKIE: planted}) is None
    assert customer_of({CUSTOMER_COOKIE: token}).customer_id == customer.pk


def test_codes_go_a_day_after_they_ended():
    code = ask(make_customer())
    OneTimeCode.objects.filter(pk=code.pk).update(ends_at=now() - timedelta(days=1, minutes=1))

    retain_all(now())

    assert not OneTimeCode.objects.exists()
