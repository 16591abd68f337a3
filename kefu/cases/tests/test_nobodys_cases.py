"""My cases are shown to their customer alone: to nobody behind a private link, and to nobody who was erased."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.accounts import announcing
from kefu.accounts.actions import claim_email, erase_customer, open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.accounts.tests.at_once import once_it_waits, only_postgresql
from kefu.conversations.actions import follow_private_link, make_private_link
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_conversation, make_house, viewer_of
from kefu.journal.actor import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, PHRASE, CASES = "lin.xiaomei@mail.example", "蓝色的海豚", "/zh-hans/cases/"


@pytest.fixture
def own(client: Client, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    """The client's customer has proven an address and chosen a phrase."""
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    conversation = make_conversation(make_house(), text="充的币没到账")
    claim_email(customer=conversation.customer, email=ADDRESS)
    Identity.objects.update(level=Level.PROVEN)
    Customer.objects.update(level=Level.PROVEN, phrase=PHRASE)
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=conversation.customer)
    return conversation


def page(client: Client) -> str:
    return client.get(CASES).content.decode()


def test_mallory_behind_a_link_is_shown_nothing_wherever_she_puts_her_cookie(
    client: Client, own: Conversation
) -> None:
    link = make_private_link(conversation=own, viewer=viewer_of(own))
    mallory = Client()
    mallory.cookies[CUSTOMER_COOKIE] = follow_private_link(token=link, brand_id=own.brand_id)
    private = (PHRASE, "example", own.ref)
    assert [words for words in private if words not in page(client)] == []

    assert [words for words in private if words in page(mallory)] == []
    file = f"{CASES}{own.ref}/transcript.txt"
    assert (client.get(file).status_code, mallory.get(file).status_code) == (200, 404)


@only_postgresql
def test_who_is_erased_while_they_name_an_address_is_nobody_any_more(
    client: Client, own: Conversation
) -> None:
    response = once_it_waits(
        lambda: erase_customer(customer=own.customer, by=SYSTEM),
        lambda: client.post(f"{CASES}address/", {"email": "other@mail.example"}),
    )

    assert (response.status_code, response.headers["Location"]) == (302, CASES)
    assert not Identity.objects.exists()
    assert not OneTimeCode.objects.exists()
