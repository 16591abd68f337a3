"""Finding: the one question that pages, the desk and the API ask of the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kefu.brands.models import Brand
from kefu.search.marks import Segment, mark, snippet
from kefu.search.models import Document
from kefu.search.query import read_query
from kefu.search.ranking import Counted, Ranked, rank, rarity, shortlist
from kefu.search.registry import PUBLIC, STAFF, sources
from kefu.search.words import Scope, Term, Thing, word_index

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


def find(
    query: str,
    *,
    brand: Brand,
    language: str,
    audience: str = PUBLIC,
    limit: int = 20,
    only: Iterable[str] = (),
) -> list[Hit]:
    """The best hits first: title before synonyms before headings before body; what can be read in the language leads.

    `audience` is who looks ("public" or "staff"); `only` names kinds of things. Three queries at most.
    """
    wanted = read_query(query)
    names = tuple(only) or tuple(source.name for source in sources())
    if not wanted.wanted or not names:
        return []
    scope = Scope(brand.pk, SEEN_BY[audience], names)
    standing = word_index().standing(wanted.terms, scope)
    rare = rarity(wanted, standing.documents, standing.frequencies)
    things = shortlist(wanted, standing, rare)
    if not things:
        return []
    ranked = rank(wanted, _counted(things, scope), rarity=rare, language=language)
    return _hits(ranked[:limit], [term for term in wanted.terms if standing.frequencies[term]])


def _counted(things: set[Thing], scope: Scope) -> list[Counted]:
    rows = Document.objects.filter(
        brand_id=scope.brand_id,
        audience__in=scope.audiences,
        source__in={source for source, _ in things},
        object_id__in={thing for _, thing in things},
    ).values_list("pk", "source", "object_id", "language", "counts", "length")
    return [
        Counted(pk, (source, object_id), language, counts, length)
        for pk, source, object_id, language, counts, length in rows
        if (source, object_id) in things
    ]


def _hits(ranked: Sequence[Ranked], terms: Sequence[Term]) -> list[Hit]:
    shown = Document.objects.defer("counts").in_bulk([one.shown for one in ranked])
    return [_hit(one, shown[one.shown], terms) for one in ranked if one.shown in shown]


def _hit(ranked: Ranked, document: Document, terms: Sequence[Term]) -> Hit:
    return Hit(
        source=document.source,
        object_id=document.object_id,
        language=document.language,
        path=document.path,
        label=document.label,
        title=mark(document.title, terms),
        snippet=snippet(document.body, terms),
        score=ranked.score,
    )
