"""The list of articles: what there is, how each language stands, what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from kefu.accounts.models import Agent
from kefu.accounts.settings.history import page_number
from kefu.brands.models import Brand
from kefu.helpcentre.debts import debts_of
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page
from kefu.helpcentre.editing.words import FILTERS, STATES, Standing, on_their_way, standing_of
from kefu.helpcentre.models import Article, Category, Revision, Size, State, Translation
from kefu.ui.languages import html_lang, language_name

SHOWN = 25


@dataclass(frozen=True)
class Row:
    article: Article
    title: str
    lang: str
    shelf: str
    is_overdue: bool
    standings: list[Standing]


@dataclass(frozen=True)
class Wanted:
    """How the list is narrowed; whatever is no choice of ours narrows nothing."""

    query: str = ""
    state: str = ""
    language: str = ""
    category: int = 0
    owner: int = 0
    overdue: str = ""

    @classmethod
    def read(cls, request: HttpRequest, brand: Brand) -> Wanted:
        get = request.GET
        return cls(
            query=get.get("q", "").strip()[:80],
            state=get.get("state", "") if get.get("state") in FILTERS else "",
            language=get.get("language", "") if get.get("language") in brand.languages else "",
            category=page_number(get.get("category")) or 0,
            owner=page_number(get.get("owner")) or 0,
            overdue="yes" if get.get("overdue") == "yes" else "",
        )

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def as_query(self, brand: Brand) -> str:
        values = {"brand": brand.pk, "q": self.query, **vars(self)}
        values.pop("query")
        return urlencode({name: value for name, value in values.items() if value})


@require_safe
@editors_page
def articles(request: HttpRequest) -> HttpResponse:
    agent, brand = editor_of(request), chosen_brand(request)
    wanted = Wanted.read(request, brand)
    found = list(_found(wanted, brand, after=page_number(request.GET.get("after")))[: SHOWN + 1])
    shown = found[:SHOWN]
    values = {
        "brand": brand,
        "brands": brands_to_edit(agent),
        "wanted": wanted,
        "rows": _rows(shown, brand, agent),
        "after": shown[-1].number if len(found) > SHOWN else None,
        "query": wanted.as_query(brand),
        "states": [(state, STATES[state]) for state in FILTERS],
        "languages": [(code, language_name(code)) for code in brand.languages],
        "categories": [
            (one.pk, one.name_in(agent.language)) for one in Category.objects.in_use().filter(brand=brand)
        ],
        "owners": Agent.objects.filter(articles__brand=brand).distinct().order_by("name"),
        "overdue": Article.objects.of_brand(brand).overdue(localdate()).count(),
    }
    return render(request, "helpcentre/editing/articles.html", values)


def _found(wanted: Wanted, brand: Brand, *, after: int | None) -> QuerySet[Article]:
    articles = Article.objects.of_brand(brand).select_related("category", "owner").order_by("number")
    if after:
        articles = articles.filter(number__gt=after)
    if wanted.category:
        articles = articles.filter(category=wanted.category)
    if wanted.owner:
        articles = articles.filter(owner=wanted.owner)
    if wanted.overdue:
        articles = articles.overdue(localdate())
    of_words = Translation.objects.filter(article__brand=brand)
    if wanted.language:
        of_words = of_words.filter(language=wanted.language)
    if wanted.state:
        of_words = of_words.filter(_in_state(wanted.state))
    if wanted.query:
        of_words = of_words.filter(
            Q(newest__title__icontains=wanted.query) | Q(article__slug__icontains=wanted.query)
        )
    if wanted.state or wanted.query:
        articles = articles.filter(pk__in=of_words.values("article"))
    return articles.prefetch_related(
        Prefetch(
            "translations", Translation.objects.listed().select_related("newest").defer("newest__source")
        )
    )


def _in_state(state: str) -> Q:
    if state == "archived":
        return Q(archived_at__isnull=False)
    if state == "empty":
        return Q(newest=None)
    if state == "missed":
        return Q(pk__in=Revision.objects.open().filter(missed_at__isnull=False).values("translation"))
    if state == State.PUBLISHED:
        return Q(published__isnull=False, archived_at=None)
    return Q(pk__in=Revision.objects.filter(state=state).values("translation"))


def _rows(articles: list[Article], brand: Brand, agent: Agent) -> list[Row]:
    every = [one for article in articles for one in article.translations.all()]
    debts = debts_of(every, source_language=brand.first_language)
    coming = on_their_way(every)
    return [_row(article, brand, agent, debts, coming) for article in articles]


def _row(
    article: Article, brand: Brand, agent: Agent, debts: Mapping[int, Size], coming: Mapping[int, set[str]]
) -> Row:
    rows = {one.language: one for one in article.translations.all()}
    told = [rows[code] for code in (agent.language, *brand.languages) if code in rows and rows[code].newest]
    return Row(
        article,
        told[0].newest.title if told and told[0].newest else article.slug,
        html_lang(told[0].language) if told else "",
        article.category.name_in(agent.language),
        article.review_on < localdate(),
        [
            standing_of(one, coming.get(one.pk, ()), debts.get(one.pk))
            for one in (rows.get(code) or Translation(language=code) for code in brand.languages)
        ],
    )
