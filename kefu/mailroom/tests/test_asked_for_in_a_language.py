"""What somebody asks for on a page comes by letter in the language of that page, whatever they spoke before."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.accounts.actions import claim_email, open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_conversation, make_viewer
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.mailroom.notices import follow
from kefu.mailroom.tests.factories import make_open_house, run_letters
from kefu.mailroom.tests.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "lin.xiaomei@mail.example"


@pytest.fixture
def sink(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        yield sink


@pytest.fixture
def conversation(sink, client: Client) -> Conversation:
    """Of a customer who came in Chinese, has proven their mailbox, and is here in this browser."""
    house = make_open_house()
    viewer = make_viewer(house)
    customer = Customer.objects.get(pk=viewer.customer_id)
    claim_email(customer=customer, email=ADDRESS)
    Identity.objects.update(level=Level.PROVEN)
    Customer.objects.update(level=Level.PROVEN)
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=customer)
    return make_conversation(house, viewer)


def test_a_code_that_is_asked_for_in_english_comes_in_english(client, sink, conversation):
    client.post("/en/cases/address/", {"email": ADDRESS})
    follow_last("customer.code_asked_for")

    assert Letter.objects.get().language == "en"
    assert "is your code for" in str(sink.taken[0].message["Subject"])


def test_a_code_of_the_version_before_comes_in_the_customers_own_language(client, sink, conversation):
    client.post("/en/cases/address/", {"email": ADDRESS})
    OneTimeCode.objects.update(language="")
    follow_last("customer.code_asked_for")

    assert Letter.objects.get().language == "zh-hans"


def test_a_conversation_that_is_asked_for_in_english_comes_in_english(client, sink, conversation):
    client.post(f"/en/cases/{conversation.ref}/transcript/")
    follow_last("conversation.transcript_asked_for")

    assert Letter.objects.get().language == "en"
    assert str(sink.taken[0].message["Subject"]) == f"Your conversation {conversation.ref}"


def test_one_that_the_version_before_was_asked_for_comes_in_its_own_language(client, sink, conversation):
    client.post(f"/en/cases/{conversation.ref}/transcript/")
    Entry.objects.update(payload={})
    follow_last("conversation.transcript_asked_for")

    assert Letter.objects.get().language == "zh-hans"


def follow_last(kind: str) -> None:
    follow(Entry.objects.filter(kind=kind).latest("pk"))
    run_letters()
