"""Writing one language of an article: Markdown beside its preview, the source's text beside a translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, override
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.history import names_of
from kefu.brands.models import Brand
from kefu.helpcentre.actions import NotOpen, SavedMeanwhile, save_draft, send_to_review
from kefu.helpcentre.at_the_desk import address_here, linked_here
from kefu.helpcentre.debts import answered_by, debts_of
from kefu.helpcentre.differences import Line, differ
from kefu.helpcentre.drawing import Surroundings, draw
from kefu.helpcentre.editing.company import company_of
from kefu.helpcentre.editing.doors import editor_of, editors_page, may_publish, translation_to_edit
from kefu.helpcentre.editing.typed_text import TypedText
from kefu.helpcentre.editing.words import GONE, SHORT_SIZES, on_their_way, standing_of
from kefu.helpcentre.markdown import LONGEST
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Audience, Revision, State, Translation
from kefu.ui.languages import html_lang, language_name


@dataclass(frozen=True)
class Beside:
    """The source language's text, and what it says anew since this one was written."""

    translation: Translation
    name: str
    lang: str
    shown: Revision
    since: int
    debt: str
    changes: list[Line]


@dataclass(frozen=True)
class Missed:
    """What should have been published by itself and could not be, and why."""

    revision: Revision
    because: str


@dataclass(frozen=True)
class Previewed:
    """What readers would see of what is typed; its links lead to where they would lead them."""

    title: str
    html: str


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def write(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    translation = translation_to_edit(request, pk, language)
    if request.method != "POST":
        return _page(request, translation, TypedText.of(translation.newest))
    do = request.POST.get("do", "save")
    typed = TypedText.read(request.POST, is_for_readers=do in {"review", "publish"})
    if typed.problems:
        return _page(request, translation, typed, status=422)
    try:
        translation = _row_of(translation)
        revision = _save(request, translation, typed)
        return _saved(request, revision, do)
    except SavedMeanwhile as meanwhile:
        return _page(request, translation, typed, meanwhile=meanwhile.newest, status=409)
    except Problem as problem:
        typed.blame(problem)
        return _page(request, translation, typed, status=422)


def _row_of(translation: Translation) -> Translation:
    """Of a language that the brand has learnt since; of two who write its first words at once both have the same row."""
    if translation.pk is not None:
        return translation
    found, _ = Translation.objects.get_or_create(article=translation.article, language=translation.language)
    return found


def _save(request: HttpRequest, translation: Translation, typed: TypedText) -> Revision:
    beside = _source_of(translation)
    of_source = typed.answers
    if of_source is None and translation.newest is None and beside is not None:
        # The first draft is written with the source's text beside it.
        of_source = beside.published
    return save_draft(
        translation=translation,
        text=typed.text,
        note=typed.note,
        by=editor_of(request),
        based_on=typed.based_on,
        of_source=of_source,
    )


def _saved(request: HttpRequest, revision: Revision, do: str) -> HttpResponse:
    translation = revision.translation
    place = (translation.article_id, translation.language)
    if do == "publish":
        return redirect("articles:publish", *place, revision.number)
    if do == "review":
        try:
            send_to_review(revision=revision, by=editor_of(request))
        except NotOpen:
            messages.error(request, GONE, extra_tags="bad")
            return redirect("articles:write", *place)
        said = gettext("Sent to review. Whoever may publish finds it in the list under “In review”.")
    else:
        said = gettext("Saved as revision %(number)s. Readers see nothing of it yet.") % {
            "number": revision.number
        }
    messages.success(request, said, extra_tags="ok")
    return redirect("articles:write", *place)


@require_POST
@editors_page
def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """What readers would see of what is typed, by the page's own renderer; nothing is kept."""
    translation = translation_to_edit(request, pk, language)
    require(editor_of(request), May.EDIT_ARTICLES, Scope(translation.article.brand_id))
    typed = TypedText.read(request.POST, is_for_readers=False)
    values: dict[str, Any] = {"lang": html_lang(language), "typed": typed}
    try:
        values["previewed"] = _previewed(request, translation, typed)
    except Problem as problem:
        typed.blame(problem)
        values["problem"], values["line"] = typed.problems["source"], problem.line
    status = 422 if "problem" in values else 200
    return render(request, "helpcentre/editing/preview.html", values, status=status)


def _page(
    request: HttpRequest,
    translation: Translation,
    typed: TypedText,
    *,
    meanwhile: Revision | None = None,
    status: int = 200,
) -> HttpResponse:
    article, agent = translation.article, editor_of(request)
    newest = meanwhile or translation.newest
    who = names_of([newest.actor])[newest.actor] if newest else ""
    scheduled = (
        translation.revisions.filter(state=State.SCHEDULED).first() if translation.pk is not None else None
    )
    values = {
        **company_of(translation, agent),
        "language": language_name(translation.language),
        "lang": html_lang(translation.language),
        "languages": [(code, language_name(code)) for code in article.brand.languages],
        "standing": standing_of(translation, on_their_way([translation]).get(translation.pk, ())),
        "reader_url": _reader_url(request, translation),
        "typed": typed,
        "longest_source": LONGEST,
        "newest": newest,
        "who": who,
        "scheduled": scheduled,
        "missed": _missed(translation),
        "based_on": newest.number if newest and (meanwhile or request.method != "POST") else typed.based_on,
        "theirs": differ(meanwhile.source, typed.text.source) if meanwhile else None,
        "their_title": meanwhile.title if meanwhile and meanwhile.title != typed.text.title else "",
        "beside": _beside(translation),
        "may_publish": may_publish(agent, article.brand),
        "previewed": _previewed_at_once(request, translation, typed),
    }
    return render(request, "helpcentre/editing/write.html", values, status=status)


def _missed(translation: Translation) -> Missed | None:
    found = Revision.objects.open().filter(translation=translation.pk or 0, missed_at__isnull=False)
    revision = found.order_by("-number").first()
    return Missed(revision, Problem.of_values(revision.missed_because).in_place()) if revision else None


def _reader_url(request: HttpRequest, translation: Translation) -> str:
    """Where it is read, once it can be."""
    if not translation.is_shown:
        return ""
    article = translation.article
    page = "staff_articles:article" if article.audience == Audience.STAFF else "helpcentre:article"
    with override(translation.language):
        path = reverse(page, args=[article.slug])
    return address_here(path, brand=article.brand, here=_brand_here(request))


def _brand_here(request: HttpRequest) -> Brand | None:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    return brand


def _previewed(request: HttpRequest, translation: Translation, typed: TypedText) -> Previewed:
    """Raises Problem for a text that can't be drawn."""
    brand = translation.article.brand
    drawn = draw(
        typed.text,
        language=translation.language,
        surroundings=Surroundings.of(brand),
        audience=translation.article.audience,
    )
    return Previewed(drawn.title, linked_here(drawn.rendered.html, brand=brand, here=_brand_here(request)))


def _previewed_at_once(request: HttpRequest, translation: Translation, typed: TypedText) -> Previewed | None:
    """The preview as the page comes, for who has no script; nothing for a text that can't be drawn."""
    try:
        return _previewed(request, translation, typed)
    except Problem as problem:
        if "source" not in typed.problems and typed.source:
            typed.blame(problem)
        return None


def _source_of(translation: Translation) -> Translation | None:
    """The published text of the source language, for those that are not it."""
    article = translation.article
    if translation.language == article.brand.first_language:
        return None
    found: Translation | None = (
        article.translations.shown().filter(language=article.brand.first_language).first()
    )
    return found


def _beside(translation: Translation) -> Beside | None:
    source = _source_of(translation)
    shown = source.revisions.filter(number=source.published or 0).first() if source else None
    if source is None or shown is None:
        return None
    since = answered_by(translation)
    debts = debts_of([translation], source_language=source.language) if translation.pk else {}
    debt = debts.get(translation.pk)
    answered = source.revisions.filter(number=since).first() if since else None
    return Beside(
        source,
        language_name(source.language),
        html_lang(source.language),
        shown,
        since,
        str(SHORT_SIZES[debt]) if debt else "",
        differ(answered.source, shown.source) if answered and answered.number != shown.number else [],
    )
