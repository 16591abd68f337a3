from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.actions import (
    claim_email,
    end_link_sessions,
    end_session,
    end_sessions,
    meet_visitor,
    open_session,
)
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import Customer, CustomerSession, Identity, Level
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_agent, make_customer, make_customers
from kefu.accounts.viewers import customer_of, link_holder_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.addresses import NotAnAddress

pytestmark = pytest.mark.django_db

ADDRESS = "wang.xiaoming@example.com"


def viewer(token: str):
    return customer_of({CUSTOMER_COOKIE: token})


def holder(token: str):
    return link_holder_of({LINK_COOKIE: token})


def test_a_visitor_is_somebody_new_of_whom_nothing_is_known(brand):
    met = meet_visitor(brand=brand, language="zh-hant", zone="Asia/Taipei")

    seen = viewer(met.token)
    assert seen is not None
    assert (seen.customer_id, seen.brand_id, seen.only_conversation_id) == (met.customer.pk, brand.pk, None)
    assert met.customer.level == Level.ANONYMOUS
    assert list(Entry.objects.values_list("kind", flat=True)) == ["customer.met", "customer.session_opened"]


def test_two_visitors_are_two_people(brand):
    one, two = meet_visitor(brand=brand, language="en"), meet_visitor(brand=brand, language="en")

    assert one.customer != two.customer
    assert one.token != two.token


def test_only_a_hash_of_the_token_is_kept(brand):
    token = meet_visitor(brand=brand, language="en").token

    assert token not in str(list(CustomerSession.objects.values_list()))


def test_a_session_from_a_private_link_knows_its_one_conversation(brand):
    token = open_session(customer=make_customer(), only_conversation_id=42)

    assert holder(token).only_conversation_id == 42
    assert viewer(token) is None


def test_looking_costs_one_query_and_writes_nothing(brand, django_assert_num_queries):
    token = meet_visitor(brand=brand, language="en").token

    with django_assert_num_queries(1) as asked:
        viewer(token)
    assert asked.captured_queries[0]["sql"].startswith("SELECT")
    with django_assert_num_queries(0):
        customer_of({})


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "a" * 4000, "键" * 43, "\udcff", "' OR 1=1 --"])
def test_a_tampered_cookie_is_nobody(brand, cookie):
    meet_visitor(brand=brand, language="en")

    assert viewer(cookie) is None


def test_a_changed_token_is_nobody(brand):
    token = meet_visitor(brand=brand, language="en").token

    assert viewer(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert viewer(token.upper()) is None


def test_a_session_ends_after_ninety_days(brand):
    start = now()
    with time_machine.travel(start, tick=False):
        token = meet_visitor(brand=brand, language="en").token
    with time_machine.travel(start + timedelta(days=89), tick=False):
        assert viewer(token)
    with time_machine.travel(start + timedelta(days=90), tick=False):
        assert viewer(token) is None


def test_ending_a_session_ends_that_one(brand):
    met = meet_visitor(brand=brand, language="en")
    other = open_session(customer=met.customer)

    assert end_session(customer=met.customer, token=met.token) == 1
    assert end_session(customer=met.customer, token=met.token) == 0

    assert viewer(met.token) is None
    assert viewer(other)
    ended = Entry.objects.get(kind="customer.sessions_ended")
    assert ended.payload["customer_ids"] == [met.customer.pk]


def test_nobody_ends_somebody_elses_session(brand):
    met, mallory = meet_visitor(brand=brand, language="en"), meet_visitor(brand=brand, language="en")

    assert end_session(customer=mallory.customer, token=met.token) == 0
    assert viewer(met.token)


def test_all_sessions_of_a_customer_can_be_ended(brand):
    met = meet_visitor(brand=brand, language="en")
    linked = open_session(customer=met.customer, only_conversation_id=1)

    assert end_sessions(customer=met.customer, by=SYSTEM) == 2
    assert viewer(met.token) is holder(linked) is None


def test_revoking_links_ends_only_the_sessions_that_came_by_them(brand):
    met = meet_visitor(brand=brand, language="en")
    linked = open_session(customer=met.customer, only_conversation_id=1)
    elsewhere = open_session(customer=met.customer, only_conversation_id=2)

    end_link_sessions(conversation_id=1, brand_id=brand.pk)

    assert holder(linked) is None
    assert viewer(met.token)
    assert holder(elsewhere)


def test_mallory_ends_no_session_of_another_customer(brand):
    met, mallory = [meet_visitor(brand=brand, language="en") for _ in range(2)]
    linked = open_session(customer=met.customer, only_conversation_id=1)

    for by in (mallory.customer.actor, make_agent("Mallory").actor):
        with pytest.raises(Refused):
            end_sessions(customer=met.customer, by=by)
        with pytest.raises(Refused):
            end_link_sessions(conversation_id=1, brand_id=brand.pk, by=by)
    assert viewer(met.token)
    assert holder(linked)

    end_link_sessions(conversation_id=1, brand_id=brand.pk, by=met.customer.actor)
    assert viewer(linked) is None


def test_a_typed_address_is_claimed_and_believed_no_further(brand):
    customer = make_customer()

    identity = claim_email(customer=customer, email=f"  {ADDRESS.upper()} ")

    assert (identity.value, identity.level, identity.reason) == (ADDRESS, Level.CLAIMED, "typed")
    assert customer.level == Level.CLAIMED
    assert Customer.objects.get(pk=customer.pk).level == Level.CLAIMED


def test_two_who_claim_one_address_stay_two_people(brand):
    one, two, *_ = make_customers(brand)

    first, second = claim_email(customer=one, email=ADDRESS), claim_email(customer=two, email=ADDRESS)

    assert first.pk != second.pk
    assert first.value_hash == second.value_hash
    assert Customer.objects.count() == 3
    assert set(Identity.objects.values_list("customer", flat=True)) == {one.pk, two.pk}


def test_claiming_twice_is_harmless(brand):
    customer = make_customer()

    claim_email(customer=customer, email=ADDRESS)
    claim_email(customer=customer, email=ADDRESS.title())

    assert Identity.objects.count() == 1
    assert Entry.objects.filter(kind="customer.identity_claimed").count() == 1


def test_a_claim_never_lowers_what_was_proven(brand):
    customer = make_customer(level=Level.VOUCHED)

    claim_email(customer=customer, email=ADDRESS)

    assert Customer.objects.get(pk=customer.pk).level == customer.level == Level.VOUCHED


def test_the_address_lies_encrypted_and_never_in_the_journal(brand):
    claim_email(customer=make_customer(), email=ADDRESS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM accounts_identity")
        stored = cursor.fetchone()[0]
    assert "wang" not in stored
    assert "wang" not in str(list(Entry.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize(
    "typed", ["", "wang", "a@b", "a b@example.com", "x" * 250 + "@e.com", "a@example.com\nBcc: b@e.com"]
)
def test_what_is_no_address_is_not_taken(brand, typed):
    with pytest.raises(NotAnAddress):
        claim_email(customer=make_customer(), email=typed)

    assert not Identity.objects.exists()
