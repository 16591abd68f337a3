from __future__ import annotations

import pytest
from django.db import connection

from kefu.accounts.actions import NoPhrase, NotProven, choose_phrase
from kefu.accounts.models import Customer, Level
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import make_customer, viewer_of
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_phrase_is_kept_encrypted_and_said_in_no_entry():
    customer = make_customer(level=Level.PROVEN)

    choose_phrase(viewer=viewer_of(customer), phrase="  蓝色的   海豚 ")

    assert Customer.objects.get(pk=customer.pk).phrase == "蓝色的 海豚"
    with connection.cursor() as cursor:
        cursor.execute("select phrase from accounts_customer where id = %s", [customer.pk])
        assert "海豚" not in cursor.fetchone()[0]
    entry = Entry.objects.get(kind="customer.phrase_chosen")
    assert (entry.subject_id, entry.payload) == (customer.pk, {})


def test_choosing_the_same_again_is_no_news_and_nothing_takes_it_away():
    customer = make_customer(level=Level.PROVEN)
    for _ in range(2):
        choose_phrase(viewer=viewer_of(customer), phrase="蓝色的海豚")
    assert Entry.objects.filter(kind="customer.phrase_chosen").count() == 1

    choose_phrase(viewer=viewer_of(customer), phrase=" ")

    assert Customer.objects.get(pk=customer.pk).phrase == ""


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("海豚", "too_short"),
        ("海" * 41, "too_long"),
        ("my password is Tr0ub4dor", "secret"),
        ("海豚\u202e海豚", "secret"),
    ],
)
def test_what_can_be_no_phrase_is_refused_and_the_old_one_stays(phrase, reason):
    customer = make_customer(level=Level.PROVEN)
    choose_phrase(viewer=viewer_of(customer), phrase="蓝色的海豚")

    with pytest.raises(NoPhrase) as refusal:
        choose_phrase(viewer=viewer_of(customer), phrase=phrase)

    assert refusal.value.reason == reason
    assert Customer.objects.get(pk=customer.pk).phrase == "蓝色的海豚"


def test_who_has_proven_nothing_chooses_no_phrase():
    for level in (Level.ANONYMOUS, Level.CLAIMED):
        with pytest.raises(NotProven):
            choose_phrase(viewer=viewer_of(make_customer(level=level)), phrase="蓝色的海豚")


def test_behind_a_private_link_nobody_chooses_a_phrase():
    customer = make_customer(level=Level.PROVEN)

    with pytest.raises(Refused):
        choose_phrase(viewer=viewer_of(customer, only_conversation_id=1), phrase="蓝色的海豚")
