"""Keeping the index true: a thing is written again whenever its room says that it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from kefu.search.models import Document, Thing
from kefu.search.registry import STAFF, Searchable, Source
from kefu.search.terms import MadeOf, edition, made_of
from kefu.search.words import WordIndex, scope_mark, word_index

# A transaction of this many things stays far below fifty milliseconds.
AT_ONCE = 5
# PostgreSQL keeps no more of a text; nobody finds an article by what stands behind them.
MOST_TERMS = 16_000

Made = tuple[Searchable, MadeOf]


def index_things(*, source: Source, object_ids: Iterable[int]) -> int:
    """Write these things to the index as they are now, and forget those that are gone; gives the number of documents."""
    written = 0
    for ids in _chunks(sorted(set(object_ids))):
        # The long work is done before anybody has to wait for it.
        made = {one: made_of(one) for one in source.load(ids)}
        with transaction.atomic():
            _wait_for_others(source)
            # Read again after the wait, so that whoever writes last has read last; mostly nothing has changed.
            found = [(one, made.get(one) or made_of(one)) for one in source.load(ids)]
            written += _replace(source, ids, found)
    return written


def reindex(*, source: Source) -> int:
    """Write the whole source anew; searching goes on meanwhile. Gives the number of documents."""
    # Which of these are gone is asked when each is written: both lists are old by then.
    present = set(source.ids())
    return index_things(source=source, object_ids=present | _indexed(source))


def renew(*, source: Source) -> int:
    """Write what is missing or was made by another edition of the ideas; gives the number of documents."""
    others = Thing.objects.filter(source=source.name).exclude(documents__edition=edition())
    old = set(others.values_list("object_id", flat=True))
    return index_things(source=source, object_ids=old | (set(source.ids()) - _indexed(source)))


def _indexed(source: Source) -> set[int]:
    return set(Thing.objects.filter(source=source.name).values_list("object_id", flat=True))


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


def _replace(source: Source, object_ids: Sequence[int], found: Iterable[Made]) -> int:
    index = word_index()
    by_thing: dict[int, list[Made]] = {}
    for one, made in found:
        by_thing.setdefault(one.object_id, []).append((one, made))
    gone = Thing.objects.filter(source=source.name, object_id__in=set(object_ids) - set(by_thing))
    index.remove(gone.values_list("pk", flat=True))
    gone.delete()
    return sum(_write(index, source, languages) for languages in by_thing.values())


def _write(index: WordIndex, source: Source, found: Sequence[Made]) -> int:
    """A thing with all its languages. What one of them keeps to staff, no other gives away."""
    languages = [one for one, _ in found]
    audiences = {one.audience for one in languages}
    thing, _ = Thing.objects.update_or_create(
        source=source.name,
        object_id=languages[0].object_id,
        defaults={
            "brand_id": languages[0].brand_id,
            "audience": STAFF if STAFF in audiences else languages[0].audience,
        },
    )
    thing.documents.exclude(language__in=[one.language for one in languages]).delete()
    terms: set[str] = set()
    for one, made in found:
        terms.update(made.terms[:MOST_TERMS])
        Document.objects.update_or_create(thing=thing, language=one.language, defaults=_values(one, made))
    index.write(thing.pk, scope_mark(thing.brand_id, thing.audience, thing.source), sorted(terms))
    return len(languages)


def _values(one: Searchable, made: MadeOf) -> dict[str, object]:
    return {
        "shelf": one.shelf,
        "edition": edition(),
        "title": one.title,
        "label": one.label,
        "path": one.path,
        "body": one.body,
        "folded": made.folded,
        "title_said": made.title_said,
        "body_said": made.body_said,
    }
