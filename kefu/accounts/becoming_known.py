"""When a guest becomes known, what they had given out ends: each room above says here how.

A guest's private links may lie in a mailbox that isn't theirs, for they have only typed its address, or with anybody to whom
they showed one. From then on those would read on, and speak, as somebody whom we know. A link that we sent to an address that
is proven by now lies where it should, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from kefu.accounts.people.customers import Customer, Identity, IdentityKind, Level
from kefu.accounts.verbs.visitors import end_sessions_by_links

# Ends what opens conversations of the customer, but what was sent to an address with one of these hashes.
End = Callable[[Customer, Collection[str]], None]
_ends: list[End] = []


def register(end: End) -> None:
    if end not in _ends:
        _ends.append(end)


@transaction.atomic
def end_what_a_guest_gave_out(*, guest: Customer, known_as: Customer) -> None:
    """While the customers are locked, and before the guest's conversations are the other's. Both may be the same."""
    end_sessions_by_links(customer=guest)
    proven = Identity.objects.filter(customer=known_as, kind=IdentityKind.EMAIL, level__gte=Level.PROVEN)
    hashes = set(proven.values_list("value_hash", flat=True))
    for end in _ends:
        end(guest, hashes)
