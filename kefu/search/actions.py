"""Keeping the index true: a thing is written again whenever its room says that it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from kefu.search.models import Document
from kefu.search.registry import Searchable, Source
from kefu.search.tokens import tokens
from kefu.search.words import word_index
from kefu.search.words.contract import FIELDS

# A transaction of this many things stays far below fifty milliseconds.
AT_ONCE = 20
# PostgreSQL keeps no more than 16,383 places of a text; nobody finds an article by what stands behind them.
MOST_TOKENS = 16_000
# A token in a title is worth eight in the body. Changing this means `kefu reindex`.
WEIGHTS = {"title": 8, "synonyms": 6, "headings": 3, "body": 1}


def index_things(*, source: Source, object_ids: Iterable[int]) -> int:
    """Write these things to the index as they are now, and forget those that are gone; gives the number of documents."""
    written = 0
    for ids in _chunks(sorted(set(object_ids))):
        things = list(source.load(ids))
        with transaction.atomic():
            written += _replace(source, ids, things)
    return written


def forget_things(*, source: Source, object_ids: Iterable[int]) -> None:
    """Take things out of the index."""
    for ids in _chunks(sorted(set(object_ids))):
        with transaction.atomic():
            _replace(source, ids, [])


def reindex(*, source: Source) -> int:
    """Write the whole source anew; searching goes on meanwhile. Gives the number of documents."""
    present = set(source.ids())
    indexed = set(Document.objects.filter(source=source.name).values_list("object_id", flat=True))
    forget_things(source=source, object_ids=indexed - present)
    return index_things(source=source, object_ids=present)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _replace(source: Source, object_ids: Sequence[int], things: Sequence[Searchable]) -> int:
    index = word_index()
    old = _lock(source, object_ids)
    kept: set[int] = set()
    for thing in things:
        fields = _fields(thing)
        document, _ = Document.objects.update_or_create(
            source=source.name,
            object_id=thing.object_id,
            language=thing.language,
            defaults=_values(thing, fields),
        )
        index.write(document.pk, fields)
        kept.add(document.pk)
    gone = old - kept
    index.remove(gone)
    Document.objects.filter(pk__in=gone).delete()
    return len(kept)


def _lock(source: Source, object_ids: Sequence[int]) -> set[int]:
    rows = Document.objects.filter(source=source.name, object_id__in=object_ids).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return set(rows.values_list("pk", flat=True))


def _fields(thing: Searchable) -> dict[str, Sequence[str]]:
    parts = {
        "title": [thing.title],
        "synonyms": thing.synonyms,
        "headings": thing.headings,
        "body": [thing.body],
    }
    return {name: [token for part in parts[name] for token in tokens(part)][:MOST_TOKENS] for name in FIELDS}


def _values(thing: Searchable, fields: dict[str, Sequence[str]]) -> dict[str, object]:
    return {
        "brand_id": thing.brand_id,
        "audience": thing.audience,
        "title": thing.title,
        "label": thing.label,
        "path": thing.path,
        "body": thing.body,
        "counts": _counts(fields),
        "length": sum(len(found) for found in fields.values()),
    }


def _counts(fields: dict[str, Sequence[str]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for name in FIELDS:
        for token in fields[name]:
            counted[token] += WEIGHTS[name]
    return dict(counted)
