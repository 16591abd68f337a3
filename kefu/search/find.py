"""Finding: the one question that pages, the desk and the API ask of the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from kefu.brands.models import Brand
from kefu.search.ideas import SIGN
from kefu.search.marks import Segment, mark, snippet, without_other_figures
from kefu.search.query import Query, read_query
from kefu.search.ranking import Scored, score
from kefu.search.registry import PUBLIC, STAFF, source_named, sources
from kefu.search.terms import where_said
from kefu.search.tokens import SLIP
from kefu.search.words import Scope, Term, word_index

SEEN_BY = {PUBLIC: (PUBLIC,), STAFF: (PUBLIC, STAFF)}


@dataclass(frozen=True)
class Hit:
    """A thing that was found, in the reader's language if it has one, with the parts that match."""

    source: str
    object_id: int
    language: str
    path: str
    label: str
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    score: float


@dataclass(frozen=True)
class Results:
    """A page of hits, how many there are in all, and how many on each shelf and in each language.

    `object_ids` are of all that is found, whatever it is narrowed to. Shelves are counted in the chosen language, and the
    other way round: a choice shows what else there would be.
    """

    query: Query
    hits: Sequence[Hit] = ()
    number: int = 0
    object_ids: Collection[int] = ()
    shelves: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A thing in its order, and the document that is shown of it."""

    scored: Scored
    document_id: int
    object_id: int
    language: str
    shelf: str
    is_in_language: bool


def find(
    query: str,
    *,
    brand: Brand,
    language: str,
    audience: str = PUBLIC,
    limit: int = 20,
    only: Iterable[str] = (),
) -> list[Hit]:
    """The best hits first: title before synonyms before headings before body; what can be read in the language leads."""
    found = search(query, brand=brand, language=language, audience=audience, limit=limit, only=only)
    return list(found.hits)


def search(
    query: str,
    *,
    brand: Brand,
    language: str,
    audience: str = PUBLIC,
    limit: int = 20,
    start: int = 0,
    only: Iterable[str] = (),
    shelf: str = "",
    shown_in: str = "",
) -> Results:
    """A page of what is found and may be read at this moment. Three queries at most, and one for each kind of things.

    `audience` is who looks ("public" or "staff"); `only` names kinds of things; `shelf` and `shown_in` narrow to one shelf
    and one language.
    """
    wanted = read_query(query)
    names = tuple(only) or tuple(source.name for source in sources())
    if not wanted.wanted or not names:
        return Results(wanted)
    scope = Scope(brand.pk, SEEN_BY[audience], names)
    standing = word_index().standing(wanted.terms, scope)
    shown = _shown(score(wanted, standing), language, SEEN_BY[audience])
    chosen = [one for one in shown if shelf in ("", one.shelf) and shown_in in ("", one.language)]
    terms = [term for term in wanted.terms if term.text[0] not in (SIGN, SLIP) and any(standing.parts[term])]
    return Results(
        query=wanted,
        hits=_hits(chosen[start : start + limit], terms, wanted.ideas),
        number=len(chosen),
        object_ids={one.object_id for one in shown},
        shelves=Counter(one.shelf for one in shown if shown_in in ("", one.language)),
        languages=Counter(one.language for one in shown if shelf in ("", one.shelf)),
    )


def _shown(scored: Sequence[Scored], language: str, audiences: Collection[str]) -> list[Shown]:
    """What can be read in the language first; else in what language there is."""
    if not scored:
        return []
    found: dict[int, tuple[int, int, str, str]] = {}
    for pk, thing, object_id, spoken, shelf in _readable(scored, audiences):
        known = found.get(thing)
        if known is None or (spoken == language, -pk) > (known[2] == language, -known[0]):
            found[thing] = (pk, object_id, spoken, shelf)
    shown = [
        Shown(one, *found[one.thing], is_in_language=found[one.thing][2] == language)
        for one in scored
        if one.thing in found
    ]
    return sorted(shown, key=lambda one: not one.is_in_language)


KNOWN = "d.id, d.thing_id, t.object_id, d.language, d.shelf, t.source"


def _readable(
    scored: Sequence[Scored], audiences: Collection[str]
) -> Iterator[tuple[int, int, int, str, str]]:
    """The documents of these things, without those that the index does not know to be hidden since."""
    things = ", ".join(str(one.thing) for one in scored)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {KNOWN} FROM search_document d JOIN search_thing t ON t.id = d.thing_id WHERE t.id IN ({things})"  # noqa: S608
        )
        rows = cursor.fetchall()
    ids: dict[str, set[int]] = {}
    for _, _, object_id, _, _, name in rows:
        ids.setdefault(name, set()).add(object_id)
    readable = {name: set(source_named(name).readable(ids[name], audiences)) for name in ids}
    for pk, thing, object_id, spoken, shelf, name in rows:
        if (object_id, spoken) in readable[name]:
            yield pk, thing, object_id, spoken, shelf


# Of few rows everything: what is shown.
COLUMNS = "d.id, t.source, t.object_id, d.path, d.label, d.title, d.body, d.folded, d.title_said, d.body_said"


def _hits(shown: Sequence[Shown], terms: Sequence[Term], ideas: Sequence[str]) -> list[Hit]:
    if not shown:
        return []
    ids = ", ".join(str(one.document_id) for one in shown)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM search_document d JOIN search_thing t ON t.id = d.thing_id WHERE d.id IN ({ids})"  # noqa: S608
        )
        rows = {row[0]: row for row in cursor.fetchall()}
    return [_hit(one, rows[one.document_id], terms, ideas) for one in shown if one.document_id in rows]


def _hit(shown: Shown, row: tuple[Any, ...], terms: Sequence[Term], ideas: Sequence[str]) -> Hit:
    _, source, object_id, path, label, title, body, folded, title_said, body_said = row
    figures = {term.text for term in terms if term.text.isdecimal()}
    return Hit(
        source=source,
        object_id=object_id,
        language=shown.language,
        path=path,
        label=label,
        title=mark(title, terms, said=without_other_figures(title, where_said(title_said, ideas), figures)),
        snippet=snippet(
            body,
            terms,
            said=without_other_figures(body, where_said(body_said, ideas), figures),
            folded=folded,
        ),
        score=shown.scored.score,
    )
