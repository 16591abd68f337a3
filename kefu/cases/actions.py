"""A customer files a case, or asks to be known by their address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from kefu.accounts.actions import ask_for_code, claim_email, meet_visitor
from kefu.accounts.announcing import can_announce
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer
from kefu.accounts.policy import May, Scope, require
from kefu.accounts.viewers import CustomerViewer, customer_of
from kefu.brands.models import Brand
from kefu.cases.verbs.filing import Filing, NoTopic, file_case, file_under
from kefu.conversations.actions import NotOpened
from kefu.safety.addresses import NotAnAddress, mail_address
from kefu.safety.limits import Limit, take
from kefu.safety.networks import network_of
from kefu.safety.tokens import keyed_hash

__all__ = [
    "AskedFor",
    "Filing",
    "NoMail",
    "NoTopic",
    "NotAnAddress",
    "NotOpened",
    "ask_to_prove",
    "file_case",
    "file_under",
]

TO_ADDRESS = Limit("cases.code.to_address", times=5, per=timedelta(hours=1))
FROM_CLIENT = Limit("cases.code.from_client", times=20, per=timedelta(hours=1))


class NoMail(RuntimeError):
    """No letter leaves the house now, so no code can be sent."""


@dataclass(frozen=True)
class AskedFor:
    """`token` belongs in the visitor's cookie; None if they have one."""

    token: str | None


def ask_to_prove(
    *, brand: Brand, viewer: CustomerViewer | None, email: str, language: str, client: str
) -> AskedFor:
    """Send a code to the address; `client` is the ip address that asks. Raises NotAnAddress, NoMail, TooMany, Gone.

    The answer is the same whether or not we know the address.
    """
    if viewer is not None:
        require(viewer, May.PROVE_ADDRESS, Scope(brand.pk))
    address = mail_address(email)
    if not can_announce(brand):
        raise NoMail
    take(FROM_CLIENT, network_of(client))
    take(TO_ADDRESS, keyed_hash(address))
    return _ask(brand, viewer, address, language)


@transaction.atomic
def _ask(brand: Brand, viewer: CustomerViewer | None, address: str, language: str) -> AskedFor:
    token = None
    if viewer is None:
        token = meet_visitor(brand=brand, language=language).token
        viewer = customer_of({CUSTOMER_COOKIE: token})
        assert viewer is not None  # noqa: S101 - the session was made in this transaction
    identity = claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=address)
    ask_for_code(viewer=viewer, identity=identity, language=language)
    return AskedFor(token)
