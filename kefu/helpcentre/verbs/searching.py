"""H11: what people searched for and what they opened. No row knows who they are."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, OpenedFromSearch, SearchDay
from kefu.safety.guard import guard
from kefu.safety.retention import remove_in_chunks
from kefu.search.folding import fold
from kefu.search.tokens import runs
from kefu.ui.tools import tool_for

# Fewer may be one person, or somebody who wants an article to be seen.
ENOUGH_OPENINGS = 5
OPENED_WITHIN = timedelta(days=90)
# Numbers of telephones, papers and accounts have six digits or more, with a blank or a dash between; error codes have fewer.
SOMEBODYS_OWN = re.compile(r"[^\s@]@[^\s@]|\d(?:[ ().+-]{0,2}\d){5}")


def search_key(query: str) -> str:
    """One key for all ways of writing the same words: script, width, case, accents and what stands between."""
    return sha256(" ".join(run.text for run in runs(fold(query))).encode()).hexdigest()


@transaction.atomic
def count_search(*, brand: Brand, language: str, query: str, found: int) -> None:
    """Somebody looked at the results for these words today.

    Words that the guard found a secret in are not kept at all, nor those with a mail address or six digits in a row, which
    may be somebody's telephone, papers or account, nor those that a tool takes, such as a TxID.
    """
    guarded = guard(query)
    if guarded.found or SOMEBODYS_OWN.search(fold(query)) or tool_for(query):
        return
    day = SearchDay(
        brand=brand, language=language, on=_today(), key=search_key(query), words=guarded, found=found
    )
    SearchDay.objects.bulk_create([day], ignore_conflicts=True)
    same = SearchDay.objects.filter(brand=brand, language=language, on=day.on, key=day.key)
    same.update(times=F("times") + 1, found=found, words=guarded)


@transaction.atomic
def count_opening(*, brand: Brand, query: str, article: Article) -> None:
    """Somebody opened this article from the results for these words; of what a tool takes, not even their key is kept."""
    if tool_for(query):
        return
    opening = OpenedFromSearch(brand=brand, article=article, on=_today(), key=search_key(query))
    OpenedFromSearch.objects.bulk_create([opening], ignore_conflicts=True)
    same = OpenedFromSearch.objects.filter(brand=brand, article=article, on=opening.on, key=opening.key)
    same.update(times=F("times") + 1)


def often_opened(*, brand: Brand, query: str, most: int, among: Collection[int] | None = None) -> list[int]:
    """The articles that people opened after these words, the most opened first; none that only a few did."""
    rows = OpenedFromSearch.objects.filter(
        brand=brand, key=search_key(query), on__gte=_today() - OPENED_WITHIN
    )
    if among is not None:
        rows = rows.filter(article__in=among)
    counted = rows.values("article").annotate(opened=Sum("times")).filter(opened__gte=ENOUGH_OPENINGS)
    return [row["article"] for row in counted.order_by("-opened", "article")[:most]]


def forget_searches(before: datetime) -> int:
    """Remove what was searched and opened before the day of this moment; how many rows."""
    day = before.astimezone(UTC).date()
    return sum(
        remove_in_chunks(rows)
        for rows in (SearchDay.objects.filter(on__lt=day), OpenedFromSearch.objects.filter(on__lt=day))
    )


def _today() -> date:
    return now().astimezone(UTC).date()
