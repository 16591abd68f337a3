"""One-time codes: a customer proves an address by the six digits that were sent there."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from kefu.accounts.becoming_known import end_what_a_guest_gave_out
from kefu.accounts.events import AddressProven, CodeAskedFor
from kefu.accounts.merging import merge_customer
from kefu.accounts.people.codes import MOST_TRIES, OneTimeCode
from kefu.accounts.people.customers import Customer, Identity, IdentityReason, Level
from kefu.accounts.policy import May, Scope, require
from kefu.accounts.verbs.visitors import end_own_sessions, open_session
from kefu.accounts.viewers import CustomerViewer
from kefu.journal.actions import record
from kefu.safety.tokens import keyed_hash

DIGITS = 6


class CodeProblem(StrEnum):
    """Why a typed code proves nothing."""

    WRONG = "wrong"
    ENDED = "ended"
    """There is no code to try: ten minutes have passed, it was used, or five tries were wrong."""


@transaction.atomic
def ask_for_code(*, viewer: CustomerViewer, identity: Identity, language: str = "") -> OneTimeCode:
    """A new code for an address that the customer claims; earlier ones end. The letter that carries it mints it,
    and is in this language, or in the customer's own.

    Limit it by address and by client before calling.
    """
    require(viewer, May.PROVE_ADDRESS, Scope(viewer.brand_id))
    if identity.customer_id != viewer.customer_id:
        raise Identity.DoesNotExist
    OneTimeCode.objects.living().filter(customer_id=viewer.customer_id).update(ends_at=now())
    code = OneTimeCode.objects.create(customer_id=viewer.customer_id, identity=identity, language=language)
    asked = CodeAskedFor(
        actor=viewer.actor, brand_id=viewer.brand_id, subject_id=code.pk, customer_id=viewer.customer_id
    )
    record(asked)
    return code


@transaction.atomic
def mint_code(*, code_id: int) -> str | None:
    """The digits for a letter that is about to leave; only their hash is kept. None when it would come too late.

    A letter that is sent once more carries other digits; both are good.
    """
    code = OneTimeCode.objects.locked().living().filter(pk=code_id).first()
    if code is None:
        return None
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code.hashes = [*code.hashes, _hash(code, digits)]
    code.save(update_fields=["hashes"])
    return digits


def prove_by_code(*, viewer: CustomerViewer, typed: str) -> str | CodeProblem:
    """Try the customer's latest code: the token of a new session, or why there is none. A wrong try counts.

    All sessions from before the proof have ended, and with them a guest's private links, because somebody else may know their
    tokens. Only the new one opens what the proof opens, which may be the history of a customer who proved the address before.
    """
    require(viewer, May.PROVE_ADDRESS, Scope(viewer.brand_id))
    # Input methods write digits in full width, and int() reads those of every script.
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    with transaction.atomic():
        people = _locked(viewer)
        codes = (
            OneTimeCode.objects.locked().living().filter(customer__in=people, customer_id=viewer.customer_id)
        )
        code = codes.select_related("identity", "customer").last()
        if code is None or code.tries >= MOST_TRIES:
            return CodeProblem.ENDED
        if not any(hmac.compare_digest(_hash(code, digits), kept) for kept in code.hashes):
            OneTimeCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
            return CodeProblem.WRONG
        return _prove(code, people)


def _locked(viewer: CustomerViewer) -> list[Customer]:
    """The customer, and whoever proved the same address before: in the order of ids, and before the code, as an erasure does.

    Who was erased or merged meanwhile is not among them.
    """
    code = OneTimeCode.objects.living().filter(customer_id=viewer.customer_id).last()
    earlier = _who_proved_it_before(code.identity, code.customer) if code else None
    ids = {viewer.customer_id} | ({earlier.pk} if earlier else set())
    locked = [one.pk for one in Customer.objects.locked().filter(pk__in=ids)]
    return list(Customer.objects.living().filter(pk__in=locked))


def _prove(code: OneTimeCode, people: Collection[Customer]) -> str:
    at = now()
    OneTimeCode.objects.filter(pk=code.pk).update(used_at=at)
    identity, customer = code.identity, code.customer
    Identity.objects.filter(pk=identity.pk).update(proven_at=at)
    Identity.objects.filter(pk=identity.pk, level__lt=Level.PROVEN).update(
        level=Level.PROVEN, reason=IdentityReason.CODE, believed_at=at
    )
    if customer.level < Level.PROVEN:
        end_what_a_guest_gave_out(guest=customer, known_as=customer)
        Customer.objects.filter(pk=customer.pk).update(level=Level.PROVEN)
    proven = AddressProven(
        actor=customer.actor, brand_id=customer.brand_id, subject_id=identity.pk, customer_id=customer.pk
    )
    record(proven)
    earlier = _who_proved_it_before(identity, customer)
    if earlier is None or earlier not in people:
        end_own_sessions(customer=customer)
        return open_session(customer=customer)
    merge_customer(source=customer, into=earlier)
    return open_session(customer=earlier)


def _who_proved_it_before(identity: Identity, customer: Customer) -> Customer | None:
    """Proven like here, by a code: whom the platform vouches for is known by that, and merged into nobody."""
    if customer.level > Level.PROVEN:
        return None
    others = Identity.objects.filter(
        kind=identity.kind,
        value_hash=identity.value_hash,
        reason=IdentityReason.CODE,
        customer__brand_id=customer.brand_id,
        customer__level=Level.PROVEN,
        customer__merged_into=None,
    )
    first = others.exclude(customer=customer).select_related("customer").order_by("pk").first()
    return first.customer if first else None


def _hash(code: OneTimeCode, digits: str) -> str:
    return keyed_hash(f"one-time code {code.pk}: {digits}")
