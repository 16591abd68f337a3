"""The report on articles, and what readers say of them, under /desk/articles/."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from kefu.accounts.settings.history import page_number
from kefu.brands.models import Brand
from kefu.helpcentre.actions import close_feedback, open_feedback, remove_words
from kefu.helpcentre.debts import debts_of
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page
from kefu.helpcentre.editing.words import SHORT_SIZES
from kefu.helpcentre.feedback_words import reasons
from kefu.helpcentre.models import Article, Feedback, Translation
from kefu.helpcentre.reports.charts import readings_chart
from kefu.helpcentre.reports.figures import OfArticle, Span, of_articles, views_by_day
from kefu.helpcentre.reports.searches import Searched, without_opening, without_result
from kefu.ui.languages import html_lang, language_name

SPANS = (7, 30, 90)
SHOWN = 50
FEEDBACK_SHOWN = 25


@dataclass(frozen=True)
class Debt:
    translation: Translation
    size: object
    language: str
    lang: str


@require_safe
@editors_page
def reports(request: HttpRequest) -> HttpResponse:
    """How often each article was read in a span of days, whether it helped, and who still asked."""
    brand, days = chosen_brand(request), _days(request)
    language = request.GET.get("language", "")
    span, page = Span.of_last(days), page_number(request.GET.get("page")) or 1
    articles = [one for one in of_articles(brand, span) if language in {"", one.translation.language}]
    by_day = views_by_day(brand, span)
    values = {
        "brand": brand,
        "brands": brands_to_edit(editor_of(request)),
        "days": days,
        "spans": SPANS,
        "language": language if language in brand.languages else "",
        "languages": [(code, language_name(code)) for code in brand.languages],
        "articles": [_with_lang(one) for one in articles[(page - 1) * SHOWN : page * SHOWN]],
        "next_page": page + 1 if len(articles) > page * SHOWN else None,
        "by_day": by_day,
        "views": sum(count for _, count in by_day),
        "chart": readings_chart(by_day),
        "overdue": Article.objects.of_brand(brand).overdue(localdate()).order_by("review_on")[:SHOWN],
        "debts": _debts(brand),
        "without_result": _with_langs(without_result(brand, span)),
        "without_opening": _with_langs(without_opening(brand, span)),
    }
    return render(request, "helpcentre/reports/reports.html", values)


def _days(request: HttpRequest) -> int:
    wanted = request.GET.get("days", "")
    return int(wanted) if wanted in {str(one) for one in SPANS} else SPANS[1]


def _with_lang(found: OfArticle) -> tuple[OfArticle, str]:
    return found, html_lang(found.translation.language)


def _with_langs(found: list[Searched]) -> list[tuple[Searched, str, str]]:
    return [(one, html_lang(one.language), language_name(one.language)) for one in found]


def _debts(brand: Brand) -> list[Debt]:
    """Languages that have yet to follow a change of the first one, the large ones first."""
    translations = list(
        Translation.objects.filter(article__brand=brand)
        .listed()
        .select_related("newest", "article")
        .defer("newest__source")
    )
    owed = debts_of(translations, source_language=brand.first_language)
    found = [
        Debt(one, SHORT_SIZES[owed[one.pk]], language_name(one.language), html_lang(one.language))
        for one in translations
        if one.pk in owed
    ]
    return sorted(
        found, key=lambda one: (owed[one.translation.pk] != "major", one.translation.article.number)
    )


@require_safe
@editors_page
def voices(request: HttpRequest) -> HttpResponse:
    """What readers said in words or with a reason, the newest first; what is done with is left out unless asked for.

    Owners see what is said of their own articles, unless they ask for all.
    """
    brand, is_done, agent = chosen_brand(request), request.GET.get("state") == "done", editor_of(request)
    found = Feedback.objects.of_brand(brand).telling().filter(done_at__isnull=not is_done)
    before, article = page_number(request.GET.get("before")), page_number(request.GET.get("article"))
    has_own = Article.objects.of_brand(brand).filter(owner=agent).exists()
    is_own = has_own and not article and request.GET.get("of") != "all"
    if article:
        found = found.filter(translation__article=article)
    if is_own:
        found = found.filter(translation__article__owner=agent)
    if before:
        found = found.filter(pk__lt=before)
    shown = list(
        found.select_related("translation__article", "done_by").order_by("-pk")[: FEEDBACK_SHOWN + 1]
    )
    words = {one.value: one.label for one in reasons()}
    values = {
        "brand": brand,
        "brands": brands_to_edit(agent),
        "has_own": has_own,
        "is_own": is_own,
        "of": "" if is_own else "all",
        "is_done": is_done,
        "article": article,
        "rows": [
            (one, words.get(one.reason, ""), html_lang(one.translation.language))
            for one in shown[:FEEDBACK_SHOWN]
        ],
        "before": shown[FEEDBACK_SHOWN - 1].pk if len(shown) > FEEDBACK_SHOWN else None,
    }
    return render(request, "helpcentre/reports/voices.html", values)


@require_POST
@editors_page
def voice_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Done with, or, with `again`, not yet."""
    agent, feedback = editor_of(request), _to_edit(request, pk)
    if "again" in request.POST:
        open_feedback(feedback=feedback, by=agent)
    else:
        close_feedback(feedback=feedback, by=agent)
    return _back(feedback)


@require_POST
@editors_page
def words_removed(request: HttpRequest, pk: int) -> HttpResponse:
    feedback = _to_edit(request, pk)
    remove_words(feedback=feedback, by=editor_of(request))
    return _back(feedback)


def _to_edit(request: HttpRequest, pk: int) -> Feedback:
    found = Feedback.objects.filter(translation__article__brand__in=brands_to_edit(editor_of(request)))
    feedback: Feedback = get_object_or_404(found.select_related("translation__article"), pk=pk)
    return feedback


def _back(feedback: Feedback) -> HttpResponse:
    return redirect(f"{reverse('articles:voices')}?brand={feedback.translation.article.brand_id}")
