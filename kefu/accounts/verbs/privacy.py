"""A person's right to have what we keep of them, and to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.accounts.events import CustomerErased, CustomerExported
from kefu.accounts.people.agents import Agent
from kefu.accounts.people.codes import OneTimeCode
from kefu.accounts.people.customers import Customer, CustomerSession, Identity, Level
from kefu.accounts.policy import May, Refused, Scope, require
from kefu.accounts.privacy import Customers, Extract, KeptFile, PrivacyPart, parts, register
from kefu.accounts.verbs.visitors import end_sessions
from kefu.background.tasks import enqueue
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor
from kefu.safety import tasks
from kefu.safety.guard import guard
from kefu.safety.sqlite_log import empty_log

# What an archive is made of, in this order.
OWN, INTERNAL, FILES, INTERNAL_FILES = "data.json", "internal-notes.json", "files", "internal-files"


def export_customer(*, customer: Customer, by: Agent | Actor, to: IO[bytes]) -> None:
    """Write a ZIP archive of all that we keep of a person: `data.json`, their files, and apart what staff noted.

    Raises Refused.
    """
    actor = _allowed(by, May.EXPORT_CUSTOMER, customer)
    person = everybody_who_was(customer)
    extract = Extract()
    for part in reversed(parts().values()):
        part.export(person, extract)
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        archive.writestr(OWN, _written(extract.own))
        if extract.internal:
            archive.writestr(INTERNAL, _written(extract.internal))
        _put_in(archive, FILES, extract.files)
        _put_in(archive, INTERNAL_FILES, extract.internal_files)
    with transaction.atomic():
        record(CustomerExported(actor=actor, brand_id=customer.brand_id, subject_id=person[0].pk))


def _put_in(archive: ZipFile, folder: str, files: Iterable[KeptFile]) -> None:
    """As they are: pictures and videos don't become smaller, and packing them would hold a thread for long."""
    for number, kept in enumerate(files, start=1):
        entry = ZipInfo(f"{folder}/{number:03}-{kept.name}", date_time=now().timetuple()[:6])
        try:
            content = kept.open()
        except FileNotFoundError:
            continue
        with content, archive.open(entry, "w", force_zip64=True) as into:
            while piece := content.read(1 << 20):
                into.write(piece)


def erase_customer(*, customer: Customer, by: Agent | Actor) -> Customer:
    """Forget a person for good: every word of and about them, addresses, files. What remains says only that somebody asked.

    Numbers of reports stay, because they are ids and moments. Twice is harmless. Raises Refused.
    """
    actor = _allowed(by, May.ERASE_CUSTOMER, customer)
    with transaction.atomic():
        person = everybody_who_was(customer, locked=True)
        for one in person:
            end_sessions(customer=one, by=SYSTEM)
        wipes: list[Callable[[], None]] = []
        for part in parts().values():
            wipes += part.erase(person)
        _empty_the_log()
        # Nothing of an error in one wipe may keep the others; what stays is found by the nightly work.
        for wipe in wipes:
            transaction.on_commit(wipe, robust=True)
        record(
            CustomerErased(
                actor=actor,
                brand_id=customer.brand_id,
                subject_id=person[0].pk,
                customer_ids=tuple(one.pk for one in person),
            )
        )
    return person[0]


def _empty_the_log() -> None:
    """SQLite writes zeros over what is deleted; its log still holds the pages of before until it is emptied.

    Mostly that is done at once. While somebody reads it can't be, and a process may die before: the task does it then.
    """
    if connection.vendor == "sqlite":
        enqueue(tasks.empty_log)
        transaction.on_commit(empty_log, robust=True)


def everybody_who_was(customer: Customer, *, locked: bool = False) -> list[Customer]:
    """The person as they are known now, and first of all whom they turned out to be; then all who were merged into them."""
    found = _owners({customer.pk})
    if locked:
        # In the order of ids, as everywhere. A merge may have come first, so they are asked again until they are the same.
        known = None
        while known != found:
            list(Customer.objects.locked().filter(pk__in=found))
            known, found = found, _owners({customer.pk})
    return _people(found)[0]


def everybody_who_were(customers: Iterable[Customer]) -> list[list[Customer]]:
    """The same of many at once: each person once, in the order of their ids. A query for each step of their merges."""
    return _people(_owners({one.pk for one in customers}))


def _people(owners: Mapping[int, int]) -> list[list[Customer]]:
    people: dict[int, list[Customer]] = {present: [] for present in sorted(set(owners.values()))}
    for one in sorted(
        Customer.objects.filter(pk__in=owners), key=lambda one: (owners[one.pk] != one.pk, one.pk)
    ):
        people[owners[one.pk]].append(one)
    return list(people.values())


def _owners(customer_ids: set[int]) -> dict[int, int]:
    """Of all who are one of these people, by id: whom they turned out to be."""
    into: dict[int, int] = {}
    newest = customer_ids
    while newest:
        step = _merges(pk__in=newest)
        into |= step
        newest = set(step.values()) - into.keys()
    owners = {pk: pk for pk in customer_ids | set(into.values()) if pk not in into}
    newest = set(owners)
    while newest:
        step = _merges(merged_into__in=newest)
        owners |= {pk: owners[other] for pk, other in step.items()}
        newest = set(step)
    return owners


def _merges(**those: set[int]) -> dict[int, int]:
    found = Customer.objects.filter(merged_into__isnull=False, **those).values_list("pk", "merged_into")
    return {pk: into for pk, into in found if into is not None}


def _allowed(by: Agent | Actor, verb: May, customer: Customer) -> Actor:
    if isinstance(by, Agent):
        require(by, verb, Scope(customer.brand_id))
        return by.actor
    if by != SYSTEM:
        raise Refused(verb)
    return by


def _written(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2, default=_as_text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _export(customers: Customers, extract: Extract) -> None:
    identities = Identity.objects.filter(customer__in=customers).order_by("pk")
    sessions = CustomerSession.objects.filter(customer__in=customers).order_by("pk")
    person = customers[0]
    extract.own["person"] = {
        "name": str(person.name),
        "language": person.language,
        "time_zone": person.zone,
        "known_since": min(one.created_at for one in customers),
        "known_as": Level(person.level).label,
        "phrase_in_our_mails": person.phrase,
    }
    extract.own["identities"] = [
        {
            "kind": one.kind,
            "value": one.value,
            "level": Level(one.level).label,
            "because": one.reason,
            "since": one.created_at,
            "proven_by_code_at": one.proven_at,
        }
        for one in identities
    ]
    extract.own["sessions"] = [
        {"began_at": one.created_at, "ends_at": one.ends_at, "ended_at": one.revoked_at} for one in sessions
    ]


def _erase(customers: Customers) -> list[Callable[[], None]]:
    OneTimeCode.objects.filter(customer__in=customers).delete()
    Identity.objects.filter(customer__in=customers).delete()
    CustomerSession.objects.filter(customer__in=customers).delete()
    ids = [one.pk for one in customers]
    Customer.objects.filter(pk__in=ids).update(
        name=guard(""), zone="", phrase="", level=Level.ANONYMOUS, erased_at=now()
    )
    return []


def register_own_part() -> None:
    register("accounts", PrivacyPart((Customer, Identity, CustomerSession, OneTimeCode), _export, _erase))
