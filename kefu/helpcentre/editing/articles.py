"""One article: how its languages stand, its frame, what was changed in it, archiving and bringing back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.models import Agent, Knowledge, Role, know_standing_of
from kefu.accounts.policy import Refused
from kefu.accounts.settings.history import (
    Change,
    compared,
    last_change,
    names_of,
    seen_in,
)
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    NumberTaken,
    ShelfGone,
    SlugTaken,
    add_article,
    archive,
    bring_back,
    change_frame,
    say_it_is_right,
)
from kefu.helpcentre.debts import debts_of
from kefu.helpcentre.editing.doors import (
    article_to_edit,
    brands_to_edit,
    chosen_brand,
    editor_of,
    editors_page,
    may_publish,
)
from kefu.helpcentre.editing.typed_frame import LOOKED_AT_AGAIN, TypedFrame
from kefu.helpcentre.editing.words import AUDIENCES, issue_type_name, issue_types, on_their_way, standing_of
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Article, ArticleRevision, Category, Revision, Translation
from kefu.helpcentre.permission import may_write
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import html_lang, language_name

CHANGES_SHOWN = 10


@require_safe
@editors_page
def article(request: HttpRequest, pk: int) -> HttpResponse:
    one, agent = article_to_edit(request, pk), editor_of(request)
    rows = {row.language: row for row in one.translations.listed().select_related("newest")}
    debts = debts_of(list(rows.values()), source_language=one.brand.first_language)
    coming = on_their_way(rows.values())
    authors = names_of(row.newest.actor for row in rows.values() if row.newest)
    languages = []
    for code in one.brand.languages:
        row = rows.get(code) or Translation(article=one, language=code)
        languages.append(
            {
                "row": row,
                "standing": standing_of(row, coming.get(row.pk, ()), debts.get(row.pk)),
                "title": row.newest.title if row.newest else "",
                "who": authors[row.newest.actor] if row.newest else "",
            }
        )
    values = {
        "article": one,
        "title": _title(rows, one, agent),
        "shelf": one.category.name_in(agent.language),
        "audience": AUDIENCES[one.audience],
        "issue_type": issue_type_name(one.issue_type),
        "languages": languages,
        "is_overdue": one.review_on < localdate(),
        "is_shown": any(row.is_shown for row in rows.values()),
        "archived": [(language_name(code), html_lang(code)) for code, row in rows.items() if row.archived_at],
        "may_publish": may_publish(agent, one.brand),
        "owner_has_stopped": _has_stopped(one),
        "old_addresses": one.old_addresses.all(),
        "former_slugs": one.former_slugs.all(),
        "next_review": (localdate() + LOOKED_AT_AGAIN).isoformat(),
    }
    return render(request, "helpcentre/editing/article.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def new(request: HttpRequest) -> HttpResponse:
    agent, brand = editor_of(request), chosen_brand(request)
    if request.method != "POST":
        return _form(request, brand, None, TypedFrame.empty())
    typed = TypedFrame.read(request.POST, brand, _owners(brand))
    if not typed.problems:
        try:
            made = add_article(brand=brand, frame=typed.frame, by=agent)
        except (NumberTaken, ShelfGone, SlugTaken) as taken:
            typed.problems.update(_said_of(taken))
        else:
            return redirect("articles:write", made.pk, brand.first_language)
    return _form(request, brand, None, typed, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    one = article_to_edit(request, pk)
    if request.method != "POST":
        return _form(request, one.brand, one, TypedFrame.of(one))
    typed = TypedFrame.read(request.POST, one.brand, _owners(one.brand, one))
    if typed.problems:
        return _form(request, one.brand, one, typed, status=422)
    try:
        change_frame(article=one, frame=typed.frame, by=editor_of(request), seen=seen_in(request))
    except (NumberTaken, ShelfGone, SlugTaken) as taken:
        typed.problems.update(_said_of(taken))
    except Problem as problem:
        typed.problems["audience"] = problem.in_words()
    except Refused:
        if one.translations.shown().exists():
            raise
        typed.problems["audience"] = gettext(
            "Readers have seen it, or soon will: only who may publish changes its address and who reads it."
        )
    except ChangedMeanwhile as changed:
        return _form(request, one.brand, one, typed, conflict=changed, status=409)
    if typed.problems:
        return _form(request, one.brand, one, typed, status=422)
    messages.success(request, gettext("Saved."), extra_tags="ok")
    return redirect("articles:article", pk)


@require_POST
@editors_page
def reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """It still holds; without a day of its own the next look is in a quarter of a year."""
    one = article_to_edit(request, pk)
    typed = TypedFrame(review_on=request.POST.get("review_on", ""))
    day = typed.day or localdate() + timedelta(days=LOOKED_AT_AGAIN.days)
    say_it_is_right(article=one, review_on=day, by=editor_of(request))
    messages.success(request, gettext("Noted that it is still right."), extra_tags="ok")
    return redirect("articles:article", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, with what links here."""
    one = article_to_edit(request, pk)
    if request.method == "POST":
        archive(article=one, by=editor_of(request))
        messages.success(request, gettext("Archived. Readers find it nowhere any more."), extra_tags="ok")
        return redirect("articles:article", pk)
    linking = Revision.objects.filter(
        state="published", source__contains=f"article:{one.slug}", translation__article__brand=one.brand
    )
    values = {
        "article": one,
        "title": _title(
            {row.language: row for row in one.translations.select_related("newest")}, one, editor_of(request)
        ),
        "linking": linking.exclude(translation__article=one).select_related("translation__article")[:20],
        "may_publish": may_publish(editor_of(request), one.brand),
    }
    return render(request, "helpcentre/editing/archive.html", values)


@require_POST
@editors_page
def brought_back(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        bring_back(article=article_to_edit(request, pk), by=editor_of(request))
    except Problem as problem:
        said = gettext("It can't be shown as it is: %(problem)s Mend a draft and publish it.")
        messages.error(request, said % {"problem": problem.in_words()}, extra_tags="bad")
    else:
        messages.success(request, gettext("Readers see it again."), extra_tags="ok")
    return redirect("articles:article", pk)


def _title(rows: dict[str, Translation], one: Article, agent: Agent) -> str:
    told = [rows[code] for code in (agent.language, *one.brand.languages) if code in rows]
    return next((row.newest.title for row in told if row.newest), one.slug)


def _owners(brand: Brand, one: Article | None = None) -> list[Agent]:
    """Colleagues who may be reminded: those who write for the brand. Whoever it is now stays until another is chosen."""
    granted = Q(teams__brand=brand) & ~Q(knowledge=Knowledge.NONE)
    active = Agent.objects.active().filter(granted | Q(role=Role.ADMIN)).distinct()
    found = list(active.order_by("name", "pk"))
    know_standing_of(found)
    writing = [agent for agent in found if may_write(agent, brand)]
    now = one.owner if one is not None else None
    return writing if now is None or now in writing else [now, *writing]


def _has_stopped(one: Article) -> bool:
    """Whether its owner may not write for the brand any more, so that nobody is reminded."""
    return one.owner is not None and not may_write(one.owner, one.brand)


def _said_of(taken: ValueError) -> dict[str, str]:
    """What is wrong, by the name of its field."""
    if isinstance(taken, ShelfGone):
        return {"category": gettext("Meanwhile this shelf was archived. Choose another one.")}
    if isinstance(taken, NumberTaken):
        return {"number": gettext("Another article has this place.")}
    return {"slug": gettext("Another article is, or was, found at this address.")}


def change_of(revision: ArticleRevision) -> Change:
    names = {
        "slug": pgettext("article", "Address"),
        "category": gettext("Shelf"),
        "review_on": gettext("Next review"),
        "audience": gettext("Who reads it"),
        "owner_id": gettext("Reminded"),
        "tool": gettext("Tool"),
        "issue_type": gettext("Issue type"),
        "number": gettext("Place"),
    }

    def parts(written: dict[str, Any]) -> dict[str, str]:
        told = {label: str(written.get(name) or "") for name, label in names.items()}
        for code, name in written.get("owners", {}).items():
            told[f"{gettext('Answers for it')} · {language_name(code)}"] = name
        return told

    return Change(gettext("Frame"), compared(parts(revision.before), parts(revision.after)), "")


def _form(
    request: HttpRequest,
    brand: Brand,
    one: Article | None,
    typed: TypedFrame,
    *,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    revisions = ArticleRevision.objects.filter(article=one) if one else ArticleRevision.objects.none()
    rows = list(revisions.order_by("-pk")[:CHANGES_SHOWN])
    who = names_of(row.actor for row in rows)
    is_stale = request.method == "POST" and not conflict
    agent = editor_of(request)
    values = {
        "brand": brand,
        "brands": brands_to_edit(agent),
        "article": one,
        "typed": typed,
        "categories": [
            (shelf.pk, shelf.name_in(agent.language))
            for shelf in Category.objects.in_use().filter(brand=brand)
        ],
        "audiences": AUDIENCES.items(),
        "issue_types": issue_types(),
        "owners": _owners(brand, one),
        "stopped": one.owner_id if one and _has_stopped(one) else None,
        "names": [(code, language_name(code), typed.owners.get(code, "")) for code in brand.languages],
        "changes": [(who[row.actor], row.changed_at, change_of(row)) for row in rows],
        "seen": seen_in(request) if is_stale else (rows[0].pk if rows else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "action": reverse("articles:frame", args=[one.pk]) if one else reverse("articles:new"),
        "may_change": one is None or may_publish(agent, brand) or not one.translations.shown().exists(),
    }
    return render(request, "helpcentre/editing/frame.html", values, status=status)
