"""Finding: the one question that pages, the desk and the API ask of the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kefu.brands.models import Brand
from kefu.search.marks import Segment, mark, snippet
from kefu.search.models import Document
from kefu.search.query import read_query
from kefu.search.ranking import Counted, Ranked, rank, rarity
from kefu.search.registry import PUBLIC, STAFF, sources
from kefu.search.words import Scope, Term, Thing, word_index

SEEN_BY = {PUBLIC: (PUBLIC,), STAFF: (PUBLIC, STAFF)}
MOST_RANKED = 200


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

    `audience` is who looks ("public" or "staff"); `only` names kinds of things. Five queries at most.
    """
    wanted = read_query(query)
    names = tuple(only) or tuple(source.name for source in sources())
    if not wanted.wanted or not names:
        return []
    scope = Scope(brand.pk, SEEN_BY[audience], names)
    documents, frequencies = word_index().frequencies(wanted.terms, scope)
    present = [term for term in wanted.terms if frequencies[term]]
    if not present:
        return []
    things = word_index().candidates(present, _telling(present, frequencies), scope, most=MOST_RANKED)
    ranked = rank(
        wanted, _counted(things, scope), rarity=rarity(wanted, documents, frequencies), language=language
    )
    return _hits(ranked[:limit], present)


def _telling(present: Sequence[Term], frequencies: Mapping[Term, int]) -> list[Term]:
    """The rarest terms, as many as may name the documents that are ranked: the common ones add none that answer better."""
    by_rarity = sorted(present, key=lambda term: (frequencies[term], term.text, term.is_prefix))
    chosen, reach = by_rarity[:1], frequencies[by_rarity[0]]
    for term in by_rarity[1:]:
        reach += frequencies[term]
        if reach > MOST_RANKED:
            break
        chosen.append(term)
    return chosen


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
