"""Customers come, are known by what they say of themselves, and leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.events import CustomerMet, CustomerSessionOpened, CustomerSessionsEnded, IdentityClaimed
from kefu.accounts.people.customers import (
    SESSION_FOR,
    VOUCHED_FOR,
    Customer,
    CustomerSession,
    Identity,
    IdentityKind,
    IdentityReason,
    Level,
)
from kefu.accounts.querysets import CustomerSessionQuerySet
from kefu.accounts.verbs.permission import require_own
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor, customer_actor
from kefu.safety.addresses import mail_address
from kefu.safety.tokens import keyed_hash, new_token, token_hash


@dataclass(frozen=True)
class Met:
    """A new customer, and the token for their cookie, which is kept nowhere else."""

    customer: Customer
    token: str


class Gone(RuntimeError):
    """This customer is nobody any more; whoever comes again is known by their session, or is somebody new."""


@transaction.atomic
def meet_visitor(*, brand: Brand, language: str, zone: str = "") -> Met:
    """Somebody new, of whom nothing is known."""
    customer = Customer.objects.create(brand=brand, language=language, zone=zone)
    record(CustomerMet(actor=customer.actor, brand_id=brand.pk, subject_id=customer.pk))
    return Met(customer, open_session(customer=customer))


@transaction.atomic
def open_session(
    *,
    customer: Customer,
    only_conversation_id: int | None = None,
    lasts: timedelta = SESSION_FOR,
    handed_over_by: CustomerSession | None = None,
) -> str:
    """A new session's token; with a conversation's id it opens that one and nothing else.

    Whoever the platform vouches for is never longer in than VOUCHED_FOR, by whichever door they came.
    """
    token = new_token()
    if customer.level >= Level.VOUCHED and only_conversation_id is None:
        lasts = min(lasts, VOUCHED_FOR)
    session = CustomerSession.objects.create(
        customer=customer,
        token_hash=token_hash(token),
        only_conversation_id=only_conversation_id,
        ends_at=now() + lasts,
        handed_over_by=handed_over_by,
    )
    opened = CustomerSessionOpened(
        actor=customer.actor,
        brand_id=customer.brand_id,
        subject_id=session.pk,
        customer_id=customer.pk,
        only_conversation_id=only_conversation_id,
    )
    record(opened)
    return token


@transaction.atomic
def end_session(*, customer: Customer, token: str) -> int:
    """End the one session that this token opens; how many ended, none the second time."""
    return _end(
        CustomerSession.objects.filter(customer=customer, token_hash=token_hash(token)),
        customer.actor,
        customer.brand_id,
    )


@transaction.atomic
def leave(*, viewer: CustomerViewer) -> int:
    """End the session by which they came, in this browser and no other; how many ended."""
    require_own(viewer.actor, {customer_actor(viewer.customer_id)})
    sessions = CustomerSession.objects.filter(pk=viewer.session_id or 0, customer_id=viewer.customer_id)
    return _end(sessions, viewer.actor, viewer.brand_id)


@transaction.atomic
def end_sessions(*, customer: Customer, by: Actor | None = None) -> int:
    """End all sessions of a customer, private links' included. Raises Refused unless it is themselves or the system."""
    by = by or customer.actor
    require_own(by, {customer.actor})
    return _end(CustomerSession.objects.filter(customer=customer), by, customer.brand_id)


@transaction.atomic
def end_own_sessions(*, customer: Customer) -> int:
    """End all sessions of a customer but those that private links opened."""
    own = CustomerSession.objects.filter(customer=customer, only_conversation_id=None)
    return _end(own, customer.actor, customer.brand_id)


@transaction.atomic
def end_sessions_by_links(*, customer: Customer) -> int:
    """End all sessions of a customer that private links opened."""
    by_links = CustomerSession.objects.filter(customer=customer, only_conversation_id__isnull=False)
    return _end(by_links, customer.actor, customer.brand_id)


@transaction.atomic
def end_link_sessions(*, conversation_id: int, brand_id: int, by: Actor = SYSTEM) -> int:
    """End the sessions that were made from private links into this conversation. Raises Refused as above."""
    sessions = CustomerSession.objects.filter(only_conversation_id=conversation_id)
    require_own(
        by, {customer_actor(whose) for whose in sessions.alive().values_list("customer_id", flat=True)}
    )
    return _end(sessions, by, brand_id)


def _end(sessions: CustomerSessionQuerySet, by: Actor, brand_id: int) -> int:
    living = dict(_and_handed_over(sessions).alive().values_list("pk", "customer_id"))
    if living:
        CustomerSession.objects.filter(pk__in=living).update(revoked_at=now())
        record(_ended(living.values(), living, by, brand_id))
    return len(living)


def _and_handed_over(sessions: CustomerSessionQuerySet) -> CustomerSessionQuerySet:
    """With those that go on from them in other windows."""
    found = newest = set(sessions.values_list("pk", flat=True))
    while newest:
        going_on = CustomerSession.objects.filter(handed_over_by__in=newest)
        newest = set(going_on.values_list("pk", flat=True)) - found
        found = found | newest
    return CustomerSession.objects.filter(pk__in=found)


def _ended(
    customer_ids: Iterable[int], session_ids: Iterable[int], by: Actor, brand_id: int
) -> CustomerSessionsEnded:
    return CustomerSessionsEnded(
        actor=by,
        brand_id=brand_id,
        customer_ids=tuple(sorted(set(customer_ids))),
        session_ids=tuple(sorted(session_ids)),
    )


@transaction.atomic
def claim_email(*, customer: Customer, email: str) -> Identity:
    """Keep what they typed as their address, believed no further. Who else claims it stays somebody else.

    Raises NotAnAddress, and Gone if they were erased, or turned out to be somebody else, at this moment.
    """
    address = mail_address(email)
    if not Customer.objects.living().locked().filter(pk=customer.pk):
        raise Gone
    identity, is_new = Identity.objects.get_or_create(
        customer=customer,
        kind=IdentityKind.EMAIL,
        value_hash=keyed_hash(address),
        defaults={"value": address, "level": Level.CLAIMED, "reason": IdentityReason.TYPED},
    )
    if not is_new:
        return identity
    raised = Customer.objects.filter(pk=customer.pk, level__lt=Level.CLAIMED).update(level=Level.CLAIMED)
    customer.level = Level.CLAIMED if raised else customer.level
    claimed = IdentityClaimed(
        actor=customer.actor,
        brand_id=customer.brand_id,
        subject_id=identity.pk,
        customer_id=customer.pk,
        identity_kind=IdentityKind.EMAIL,
        level=Level.CLAIMED,
    )
    record(claimed)
    return identity
