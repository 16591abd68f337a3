"""When two customers turn out to be one: each room above says here what becomes of its rows.

Only upwards: who has just proven an address becomes the customer who had proven it before. Nobody is ever merged because of
something that they only claim.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from kefu.accounts.becoming_known import end_what_a_guest_gave_out
from kefu.accounts.events import CustomerMerged
from kefu.accounts.people.customers import Customer, CustomerSession, Identity, Level
from kefu.accounts.verbs.visitors import end_own_sessions
from kefu.journal.actions import record

# Gives what the first has to the second, within the transaction that merges them.
Move = Callable[[Customer, Customer], None]
_moves: list[Move] = []


def register(move: Move) -> None:
    if move not in _moves:
        _moves.append(move)


@transaction.atomic
def merge_customer(*, source: Customer, into: Customer) -> None:
    """The source's conversations and addresses are the other's from now on; its own row stays, empty.

    Sessions from before the merge end: whoever else knew their token has proven nothing. Private links of somebody proven go
    on, because they open what they opened before; those of a guest end.
    """
    # In the order of ids, as everywhere, so that two merges can't wait for each other; nobody opens anything meanwhile.
    locked = Customer.objects.locked().in_bulk([source.pk, into.pk])
    source, into = locked[source.pk], locked[into.pk]
    if source.level < Level.PROVEN <= into.level:
        end_what_a_guest_gave_out(guest=source, known_as=into)
    end_own_sessions(customer=source)
    _move_identities(source, into)
    for move in _moves:
        move(source, into)
    CustomerSession.objects.filter(customer=source).update(customer=into)
    if source.phrase and not into.phrase:
        Customer.objects.filter(pk=into.pk).update(phrase=source.phrase)
    Customer.objects.filter(pk=source.pk).update(merged_into=into)
    merged = CustomerMerged(
        actor=into.actor,
        brand_id=into.brand_id,
        subject_id=source.pk,
        customer_ids=(source.pk,),
        into_id=into.pk,
    )
    record(merged)


def _move_identities(source: Customer, into: Customer) -> None:
    """An address that both have keeps the better of its two levels.

    What was only claimed stays behind: letters to somebody whom we know would else go where a guest of theirs has said.
    """
    if into.level >= Level.PROVEN:
        claimed = Identity.objects.filter(customer=source, level__lt=Level.PROVEN)
        moving = Identity.objects.filter(customer=source).exclude(pk__in=claimed)
    else:
        moving = Identity.objects.filter(customer=source)
    theirs = {(one.kind, one.value_hash): one for one in Identity.objects.filter(customer=into)}
    for identity in moving:
        same = theirs.get((identity.kind, identity.value_hash))
        if same is None:
            Identity.objects.filter(pk=identity.pk).update(customer=into)
            continue
        if same.level < identity.level:
            Identity.objects.filter(pk=same.pk).update(
                level=identity.level, reason=identity.reason, believed_at=identity.believed_at
            )
        if same.proven_at is None:
            Identity.objects.filter(pk=same.pk).update(proven_at=identity.proven_at)
        identity.delete()
