"""What is done to the list of official ways. Each raises MayNotChange for whom the policy refuses.

`seen` is the newest revision of the way that they had before them, so that nobody overwrites what they have not seen: it
raises ChangedMeanwhile. Without it nothing is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction

from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.journal.revisions import require_unchanged
from kefu.safety.events import OfficialWayAdded, OfficialWayChanged, OfficialWayRemoved
from kefu.safety.models import OfficialWay, OfficialWayRevision, WayKind
from kefu.safety.permission import require_permission

Change = type[OfficialWayAdded] | type[OfficialWayChanged] | type[OfficialWayRemoved]


class OtherBrand(ValueError):
    """Ways of two brands were about to be put in one order."""


@dataclass(frozen=True, kw_only=True)
class WayText:
    """What is said of a way: its address, by language its name and what it is good for, and hours of its own."""

    kind: WayKind
    value: str = ""
    url: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    good_for: Mapping[str, str] = field(default_factory=dict)
    week: Sequence[Sequence[int]] = ()

    def values(self) -> dict[str, object]:
        """As they are stored, so that what is said again is no change."""
        return asdict(self) | {"week": sorted(list(one) for one in self.week)}


@transaction.atomic
def add_way(*, brand: Brand, text: WayText, by: Actor) -> OfficialWay:
    """Put a way at the end of the brand's list, shown. Raises ValidationError, also when the brand has it already."""
    require_permission(by, brand.pk)
    last = OfficialWay.objects.filter(brand=brand).order_by("-place").values_list("place", flat=True).first()
    way = OfficialWay(brand=brand, place=0 if last is None else last + 1, **text.values())
    way.full_clean()
    way.save()
    _remember(OfficialWayAdded, way, by=by, before={}, after=way.written())
    return way


@transaction.atomic
def change_way(*, way: OfficialWay, text: WayText, by: Actor, seen: int | None = None) -> OfficialWay:
    """Say something else of it. Raises ValidationError."""
    return _change(way, text.values(), by=by, seen=seen)


@transaction.atomic
def show_way(*, way: OfficialWay, by: Actor, seen: int | None = None) -> OfficialWay:
    return _change(way, {"is_shown": True}, by=by, seen=seen)


@transaction.atomic
def hide_way(*, way: OfficialWay, by: Actor, seen: int | None = None) -> OfficialWay:
    """Customers see it no longer; it stays in the list."""
    return _change(way, {"is_shown": False}, by=by, seen=seen)


@transaction.atomic
def order_ways(*, ways: Sequence[OfficialWay], by: Actor) -> None:
    """Show these in this order. Raises OtherBrand if they are of two brands."""
    if len({way.brand_id for way in ways}) > 1:
        raise OtherBrand("Ways of two brands have no common order.")
    places = {way.pk: place for place, way in enumerate(ways)}
    for way in OfficialWay.objects.filter(pk__in=places).order_by("pk"):
        _change(way, {"place": places[way.pk]}, by=by)


@transaction.atomic
def remove_way(*, way: OfficialWay, by: Actor, seen: int | None = None) -> None:
    """Take it out of the list; twice is harmless."""
    require_permission(by, way.brand_id)
    found = OfficialWay.objects.select_for_update().filter(pk=way.pk).first()
    if found is None:
        return
    require_unchanged(OfficialWayRevision.objects.of_way(way.pk), seen)
    _remember(OfficialWayRemoved, found, by=by, before=found.written(), after={})
    OfficialWay.objects.filter(pk=found.pk).delete()


@transaction.atomic
def put_back_way(*, revision: OfficialWayRevision, by: Actor, seen: int | None = None) -> None:
    """The way as it was before this change, be it that it was not there. Raises ValidationError."""
    require_permission(by, revision.brand_id)
    way = OfficialWay.objects.filter(pk=revision.way_id, brand_id=revision.brand_id).first()
    if way and revision.before:
        _change(way, revision.before, by=by, seen=seen)
    elif way:
        remove_way(way=way, by=by, seen=seen)
    elif revision.before:
        require_unchanged(OfficialWayRevision.objects.of_way(revision.way_id), seen)
        way = OfficialWay(pk=revision.way_id, brand_id=revision.brand_id, **revision.before)
        way.full_clean()
        way.save(force_insert=True)
        _remember(OfficialWayAdded, way, by=by, before={}, after=way.written())


def _change(
    way: OfficialWay, values: Mapping[str, object], *, by: Actor, seen: int | None = None
) -> OfficialWay:
    require_permission(by, way.brand_id)
    way = OfficialWay.objects.select_for_update().get(pk=way.pk)
    require_unchanged(OfficialWayRevision.objects.of_way(way.pk), seen)
    before = way.written()
    for name, value in values.items():
        setattr(way, name, value)
    if way.written() == before:
        return way
    way.full_clean()
    way.save(update_fields=list(values))
    _remember(OfficialWayChanged, way, by=by, before=before, after=way.written())
    return way


def _remember(
    change: Change, way: OfficialWay, *, by: Actor, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    revision = OfficialWayRevision.objects.create(
        brand_id=way.brand_id, way_id=way.pk, actor_kind=by.kind, actor_id=by.id, before=before, after=after
    )
    record(change(actor=by, brand_id=way.brand_id, subject_id=way.pk, revision_id=revision.pk))
