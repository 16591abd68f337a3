"""The revisions of one language: the list, each compared with another, restored, sent back, published now or later."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.history import names_of, page_number
from kefu.helpcentre.actions import InThePast, NotOpen, publish, restore, schedule, send_back
from kefu.helpcentre.differences import differ
from kefu.helpcentre.editing.doors import (
    editor_of,
    editors_page,
    may_publish,
    revision_to_edit,
    translation_to_edit,
)
from kefu.helpcentre.editing.typed_text import TypedText
from kefu.helpcentre.editing.words import AUDIENCES, GONE, SHORT_SIZES, SIZES, STATES, TONES
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Revision, Size
from kefu.ui.languages import html_lang, language_name

SHOWN = 25
FARTHEST = timedelta(days=10 * 365)


@require_safe
@editors_page
def revisions(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Newest first."""
    translation = translation_to_edit(request, pk, language)
    rows = Revision.objects.filter(translation=translation.pk or 0).listed().order_by("-number")
    before = page_number(request.GET.get("before"))
    found = list((rows.filter(number__lt=before) if before else rows)[: SHOWN + 1])
    shown = found[:SHOWN]
    who = names_of(one.actor for one in shown)
    values = {
        "article": translation.article,
        "translation": translation,
        "language": language_name(language),
        "rows": [
            {
                "revision": one,
                "who": who[one.actor],
                "state": STATES[one.state],
                "tone": TONES.get(one.state, ""),
                "size": SHORT_SIZES.get(one.size, ""),
            }
            for one in shown
        ],
        "before": shown[-1].number if len(found) > SHOWN else None,
    }
    return render(request, "helpcentre/editing/revisions.html", values)


@require_safe
@editors_page
def revision(request: HttpRequest, pk: int, language: str, number: int) -> HttpResponse:
    """One of them beside another: the one before, unless the address names one."""
    one = revision_to_edit(request, pk, language, number)
    others = one.translation.revisions.listed().exclude(pk=one.pk).order_by("-number")
    wanted = page_number(request.GET.get("with"))
    other = one.translation.revisions.filter(number=wanted or number - 1).first()
    who = names_of([one.actor])[one.actor]
    values = {
        "article": one.translation.article,
        "translation": one.translation,
        "language": language_name(language),
        "lang": html_lang(language),
        "revision": one,
        "who": who,
        "state": STATES[one.state],
        "tone": TONES.get(one.state, ""),
        "size": SHORT_SIZES.get(one.size, ""),
        "other": other,
        "others": others[:100],
        "parts": _compared(other, one),
        "is_newest": one.translation.newest_id == one.pk,
        "may_publish": may_publish(editor_of(request), one.translation.article.brand),
    }
    return render(request, "helpcentre/editing/revision.html", values)


def _compared(before: Revision | None, after: Revision) -> list[tuple[str, object]]:
    """Part by part; only those that differ."""
    parts = [
        (gettext("Title"), before.title if before else "", after.title),
        (gettext("Summary"), before.summary if before else "", after.summary),
        (
            gettext("How people ask for it"),
            "\n".join(before.synonyms) if before else "",
            "\n".join(after.synonyms),
        ),
        (gettext("Text"), before.source if before else "", after.source),
    ]
    return [(name, differ(old, new)) for name, old, new in parts if old != new]


@require_POST
@editors_page
def restored(request: HttpRequest, pk: int, language: str, number: int) -> HttpResponse:
    one = revision_to_edit(request, pk, language, number)
    note = gettext("As in revision %(number)s") % {"number": number}
    made = restore(revision=one, by=editor_of(request), note=note)
    said = gettext(
        "Revision %(old)s is the draft now, as revision %(number)s. Readers see nothing of it yet."
    )
    messages.success(request, said % {"old": number, "number": made.number}, extra_tags="ok")
    return redirect("articles:write", pk, language)


@require_POST
@editors_page
def sent_back(request: HttpRequest, pk: int, language: str, number: int) -> HttpResponse:
    try:
        send_back(revision=revision_to_edit(request, pk, language, number), by=editor_of(request))
    except NotOpen:
        messages.error(request, GONE, extra_tags="bad")
    else:
        messages.success(request, gettext("It is a draft again."), extra_tags="ok")
    return redirect("articles:write", pk, language)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def published(request: HttpRequest, pk: int, language: str, number: int) -> HttpResponse:
    """How large the change is, now or at a moment; beside it what readers will see anew."""
    one, agent = revision_to_edit(request, pk, language, number), editor_of(request)
    require(agent, May.PUBLISH_ARTICLES, Scope(one.translation.article.brand_id))
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _try(request, one)
        if not problems:
            return redirect("articles:article", pk)
    shown = one.translation.revisions.filter(number=one.translation.published or 0).first()
    size = request.POST.get("size") or (Size.MEDIUM if shown else Size.MAJOR)
    values = {
        "article": one.translation.article,
        "translation": one.translation,
        "language": language_name(language),
        "lang": html_lang(language),
        "revision": one,
        "shown": shown,
        "parts": _compared(shown, one),
        "sizes": SIZES.items(),
        "size": size,
        "at": request.POST.get("at", ""),
        "when": request.POST.get("when", "now"),
        "audience": one.translation.article.audience,
        "reads_it": AUDIENCES[one.translation.article.audience],
        "is_source": language == one.translation.article.brand.first_language,
        "problems": problems,
    }
    return render(request, "helpcentre/editing/publish.html", values, status=422 if problems else 200)


def _try(request: HttpRequest, one: Revision) -> dict[str, str]:
    """Publish or schedule it as it is asked; what is wrong by field."""
    typed = TypedText.of(one)
    if lacking := typed.lacks_for_readers():
        return {"text": lacking}
    if request.POST.get("audience", one.translation.article.audience) != one.translation.article.audience:
        return {
            "audience": gettext("Meanwhile somebody changed who reads it. Look at it again, then publish.")
        }
    if one.translation.archived_at is not None and request.POST.get("archived") != "yes":
        return {"text": _archived()}
    size = request.POST.get("size", "")
    if size not in Size.values:
        return {"size": gettext("Choose how large the change is.")}
    try:
        if request.POST.get("when") == "later":
            return _schedule(request, one, Size(size))
        publish(revision=one, by=editor_of(request), size=Size(size))
    except Problem as problem:
        typed.blame(problem)
        return {"text": typed.problems["source"]}
    except NotOpen:
        is_archived = one.translation.article.translations.exclude(archived_at=None).exists()
        return {"text": _archived() if is_archived else str(GONE)}
    messages.success(request, gettext("Published. Readers see it now."), extra_tags="ok")
    return {}


def _schedule(request: HttpRequest, one: Revision, size: Size) -> dict[str, str]:
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError:
        return {"at": gettext("Choose a day and a time.")}
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(str(timezone.get_current_timezone())))
    if at > timezone.now() + FARTHEST:
        return {"at": gettext("Choose a moment within the next ten years.")}
    try:
        schedule(revision=one, at=at, by=editor_of(request), size=size)
    except InThePast:
        return {"at": gettext("That moment has passed. Choose a later one.")}
    messages.success(request, gettext("Scheduled. It is published by itself at that time."), extra_tags="ok")
    return {}


def _archived() -> str:
    return gettext(
        "The article is archived. Show it to readers again on its own page, or load this page again to publish"
        " this text all the same."
    )
