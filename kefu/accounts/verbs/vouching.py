"""The trading platform says who somebody is, and they become that customer here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now

from kefu.accounts.events import CustomerMet, CustomerVouched, PhraseChosen
from kefu.accounts.merging import merge_customer
from kefu.accounts.people.customers import (
    VOUCHED_FOR,
    Customer,
    Identity,
    IdentityKind,
    IdentityReason,
    Level,
)
from kefu.accounts.policy import May, Scope, require
from kefu.accounts.querysets import IdentityQuerySet
from kefu.accounts.verbs.phrases import NoPhrase, require_phrase
from kefu.accounts.verbs.visitors import leave, open_session
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.exchange.actions import use_token
from kefu.exchange.tokens import PlatformUser, read_token
from kefu.journal.actions import record
from kefu.safety.addresses import NotAnAddress, mail_address
from kefu.safety.guard import guard
from kefu.safety.tokens import keyed_hash
from kefu.ui.languages import ours_for

LONGEST_NAME = 80


@dataclass(frozen=True)
class Vouched:
    """The customer, and the token of their new session, which is kept nowhere else, until it ends."""

    customer: Customer
    token: str
    ends_at: datetime


def vouch(*, brand: Brand, viewer: CustomerViewer | None, token: str) -> Vouched:
    """Exchange a token of the brand's platform for a session of ours. Raises NotVouched, Refused.

    A viewer of whom nothing was proven becomes the platform's user, with all that they asked. Somebody proven, or vouched for
    as somebody else, stays who they are: only their session ends, because another person sits at the browser now.
    May ask the platform for its keys first, so no transaction may be open around it. Who was erased, at this very moment too,
    comes back as somebody new.
    """
    if viewer is not None:
        require(viewer, May.BE_VOUCHED_FOR, Scope(brand.pk))
    user = read_token(brand_id=brand.pk, token=token)
    with transaction.atomic():
        use_token(user=user)
        identity = _identity_of(user, brand, viewer)
        customer = identity.customer
        # First the addresses that the platform vouches for: a guest's links that lie there go on.
        _believe(user, customer)
        if viewer is not None and viewer.customer_id != customer.pk:
            _take_over(viewer, customer)
        record(
            CustomerVouched(
                actor=customer.actor, brand_id=brand.pk, subject_id=identity.pk, customer_id=customer.pk
            )
        )
        return Vouched(customer, open_session(customer=customer, lasts=VOUCHED_FOR), now() + VOUCHED_FOR)


def _identity_of(user: PlatformUser, brand: Brand, viewer: CustomerViewer | None) -> Identity:
    """By the platform's id alone: an address that the platform names makes nobody somebody else.

    Its customer and the viewer are locked, in the order of ids, and it is looked for again: they may be erased by now.
    """
    value_hash = keyed_hash(f"platform user of brand {brand.pk}: {user.user_id}")
    found = Identity.objects.filter(kind=IdentityKind.PLATFORM, value_hash=value_hash)
    while True:
        customer_id = found.values_list("customer", flat=True).first()
        people = [customer_id, viewer.customer_id if viewer else None]
        list(Customer.objects.locked().filter(pk__in=[one for one in people if one is not None]))
        if customer_id is None:
            identity = _met(user, brand, value_hash)
        else:
            identity = found.select_related("customer").filter(customer=customer_id).first()
        if identity is not None:
            return identity


def _met(user: PlatformUser, brand: Brand, value_hash: str) -> Identity | None:
    """None if they came twice at once, and the other was first."""
    try:
        return _meet(user, brand, value_hash)
    except IntegrityError:
        return None


@transaction.atomic
def _meet(user: PlatformUser, brand: Brand, value_hash: str) -> Identity:
    language = ours_for(user.language) or brand.first_language
    customer = Customer.objects.create(brand=brand, language=language, level=Level.VOUCHED)
    identity = Identity.objects.create(
        customer=customer,
        kind=IdentityKind.PLATFORM,
        value=user.user_id,
        value_hash=value_hash,
        level=Level.VOUCHED,
        reason=IdentityReason.VOUCHED,
    )
    record(CustomerMet(actor=customer.actor, brand_id=brand.pk, subject_id=customer.pk))
    return identity


def _take_over(viewer: CustomerViewer, customer: Customer) -> None:
    """Upwards only. The level is read under the lock, for it may be proven at this moment."""
    visitor = Customer.objects.living().filter(pk=viewer.customer_id, level__lt=Level.PROVEN).first()
    if visitor is None:
        leave(viewer=viewer)
    else:
        merge_customer(source=visitor, into=customer)


def _believe(user: PlatformUser, customer: Customer) -> None:
    """What the platform says now replaces what it said before; what it doesn't say stays."""
    customer.refresh_from_db()
    before = (customer.name, customer.language, customer.phrase)
    name = guard(user.name[:LONGEST_NAME])
    if name and len(name) <= LONGEST_NAME:
        customer.name = name
    customer.language = ours_for(user.language) or customer.language
    if user.phrase and _is_phrase(user.phrase):
        customer.phrase = user.phrase
    if (customer.name, customer.language, customer.phrase) != before:
        customer.save(update_fields=["name", "language", "phrase"])
    if customer.phrase != before[2]:
        record(PhraseChosen(actor=customer.actor, brand_id=customer.brand_id, subject_id=customer.pk))
    if user.email:
        _keep_address(user, customer)


def _keep_address(user: PlatformUser, customer: Customer) -> None:
    """Vouched for if the platform has checked it, else no more than a claim; and it vouches for one address at a time."""
    try:
        address = mail_address(user.email)
    except NotAnAddress:
        return
    addresses = Identity.objects.filter(customer=customer, kind=IdentityKind.EMAIL)
    hashed = keyed_hash(address)
    believed = user.is_email_verified
    outdated = addresses.filter(reason=IdentityReason.VOUCHED)
    _vouch_no_more(outdated.exclude(value_hash=hashed) if believed else outdated)
    level = Level.VOUCHED if believed else Level.CLAIMED
    reason = IdentityReason.VOUCHED if believed else IdentityReason.TYPED
    addresses.get_or_create(
        value_hash=hashed,
        defaults={
            "customer": customer,
            "kind": IdentityKind.EMAIL,
            "value": address,
            "level": level,
            "reason": reason,
        },
    )
    addresses.filter(value_hash=hashed, level__lt=level).update(level=level, reason=reason, believed_at=now())


def _vouch_no_more(addresses: IdentityQuerySet) -> None:
    """What remains is what their owner has shown: a proof by code, else no more than a claim."""
    addresses.filter(proven_at__isnull=False).update(
        level=Level.PROVEN, reason=IdentityReason.CODE, believed_at=F("proven_at")
    )
    addresses.filter(proven_at=None).update(
        level=Level.CLAIMED, reason=IdentityReason.TYPED, believed_at=now()
    )


def _is_phrase(words: str) -> bool:
    try:
        require_phrase(words)
    except NoPhrase:
        return False
    return True
