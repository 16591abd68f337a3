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
        with transaction.atomic():
            _wait_for_others(source)
            # Read after the wait, so that whoever writes last has read last.
            written += _replace(source, ids, list(source.load(ids)))
    return written


def reindex(*, source: Source) -> int:
    """Write the whole source anew; searching goes on meanwhile. Gives the number of documents."""
    # Which of these are gone is asked when each is written: both lists are old by then.
    present = set(source.ids())
    indexed = set(Document.objects.filter(source=source.name).values_list("object_id", flat=True))
    return index_things(source=source, object_ids=present | indexed)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _wait_for_others(source: Source) -> None:
    """One transaction at a time writes a source, also where no row is there yet to be locked.

    On SQLite the transaction itself has waited for all others.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"search {source.name}"])


def _replace(source: Source, object_ids: Sequence[int], things: Sequence[Searchable]) -> int:
    index = word_index()
    documents = Document.objects.filter(source=source.name, object_id__in=object_ids)
    old = set(documents.values_list("pk", flat=True))
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
