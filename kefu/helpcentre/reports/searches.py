"""What people searched for in a span of days and did not get: no result, or none that anybody opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Sum

from kefu.brands.models import Brand
from kefu.helpcentre.models import OpenedFromSearch, SearchDay
from kefu.helpcentre.reports.figures import Span
from kefu.safety.guard import Guarded

MOST = 50


@dataclass(frozen=True)
class Searched:
    """Words as somebody wrote them last, how often all ways of writing them were searched, and how many results there are."""

    words: Guarded
    language: str
    times: int
    found: int


def without_result(brand: Brand, span: Span) -> list[Searched]:
    """The most searched first. What has found something since then is left out."""
    return _drawn(_counted(brand, span).filter(found_last=0))


def without_opening(brand: Brand, span: Span) -> list[Searched]:
    """There were results, and nobody opened one; the most searched first."""
    opened = OpenedFromSearch.objects.filter(
        brand=brand, key=OuterRef("key"), on__gte=span.first, on__lte=span.last
    )
    return _drawn(_counted(brand, span).filter(~Exists(opened), found_last__gt=0))


def _counted(brand: Brand, span: Span) -> Any:
    same = SearchDay.objects.filter(brand=brand, language=OuterRef("language"), key=OuterRef("key"))
    last = same.order_by("-on")
    counted = SearchDay.objects.filter(brand=brand, on__gte=span.first, on__lte=span.last)
    return counted.values("language", "key").annotate(
        searched=Sum("times"),
        found_last=Subquery(last.values("found")[:1]),
        words_last=Subquery(last.values("words")[:1]),
    )


def _drawn(counted: Any) -> list[Searched]:
    best = counted.order_by("-searched", "key")[:MOST]
    return [Searched(one["words_last"], one["language"], one["searched"], one["found_last"]) for one in best]
