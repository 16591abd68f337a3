"""Shelves: the list in its order, each in a form, archived and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.history import (
    Change,
    compared,
    last_change,
    names_of,
    page_number,
    seen_in,
)
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.helpcentre.actions import (
    ShelfGone,
    ShelfInUse,
    ShelfKeyTaken,
    add_shelf,
    archive_shelf,
    bring_back_shelf,
    change_shelf,
    clear_shelf,
    order_shelves,
)
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page, may_publish
from kefu.helpcentre.editing.typed_shelf import ICONS, TypedShelf
from kefu.helpcentre.models import Category, ShelfRevision
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import language_name

CHANGES_SHOWN = 20
UP, DOWN = "up", "down"


@require_safe
@editors_page
def shelves(request: HttpRequest) -> HttpResponse:
    agent, brand = editor_of(request), chosen_brand(request)
    found = Category.objects.filter(brand=brand).annotate(articles_on_it=Count("articles"))
    found = found.order_by("place", "pk")
    rows = [{"shelf": one, "name": one.name_in(agent.language)} for one in found]
    values = {
        "brand": brand,
        "brands": brands_to_edit(agent),
        "rows": [row for row in rows if row["shelf"].archived_at is None],  # type: ignore[attr-defined]
        "archived": [row for row in rows if row["shelf"].archived_at is not None],  # type: ignore[attr-defined]
        "may_publish": may_publish(agent, brand),
        "moved": page_number(request.GET.get("moved")),
        "way": request.GET.get("to"),
    }
    return render(request, "helpcentre/editing/shelves.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def new(request: HttpRequest) -> HttpResponse:
    brand = chosen_brand(request)
    if request.method != "POST":
        return _form(request, brand, None, TypedShelf())
    typed = TypedShelf.read(request.POST, brand, _topics(request, brand), None)
    if not typed.problems:
        try:
            add_shelf(brand=brand, key=typed.key, text=typed.text, by=editor_of(request))
        except ShelfKeyTaken:
            typed.problems["key"] = gettext("Another shelf is, or was, found at this address.")
    if typed.problems:
        return _form(request, brand, None, typed, status=422)
    messages.success(request, gettext("Added. Readers see it once an article stands on it."), extra_tags="ok")
    return _to_list(brand)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def shelf(request: HttpRequest, pk: int) -> HttpResponse:
    one = _shelf(request, pk)
    if request.method != "POST":
        return _form(request, one.brand, one, TypedShelf.of(one))
    typed = TypedShelf.read(request.POST, one.brand, _topics(request, one.brand), one)
    if typed.problems:
        return _form(request, one.brand, one, typed, status=422)
    try:
        change_shelf(shelf=one, text=typed.text, by=editor_of(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _form(request, one.brand, one, typed, conflict=changed, status=409)
    messages.success(request, gettext("Saved. Readers see it now."), extra_tags="ok")
    return _to_list(one.brand)


@require_POST
@editors_page
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down; the button that was pressed has the focus on the page that follows."""
    one, agent = _shelf(request, pk), editor_of(request)
    found = list(Category.objects.in_use().filter(brand=one.brand))
    if one not in found:
        return _to_list(one.brand)
    way = UP if request.POST.get("to") == UP else DOWN
    place = found.index(one)
    other = min(max(place + (-1 if way == UP else 1), 0), len(found) - 1)
    found.insert(other, found.pop(place))
    order_shelves(brand=one.brand, shelves=found, by=agent)
    said = gettext("“%(name)s” is number %(place)s of %(count)s now.")
    values = {"name": one.name_in(agent.language), "place": other + 1, "count": len(found)}
    messages.success(request, said % values, extra_tags="ok")
    return _to_list(one.brand, moved=one.pk, to=way)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks where its articles go, if there are any."""
    one, agent = _shelf(request, pk), editor_of(request)
    require(agent, May.PUBLISH_ARTICLES, Scope(one.brand_id))
    others = Category.objects.in_use().filter(brand=one.brand).exclude(pk=one.pk)
    problem = ""
    if request.method == "POST":
        to = others.filter(pk=page_number(request.POST.get("to")) or 0).first()
        problem = _archive(request, one, to)
        if not problem:
            return _to_list(one.brand)
    values = {
        "brand": one.brand,
        "shelf": one,
        "name": one.name_in(agent.language),
        "count": one.articles.count(),
        "others": [(other.pk, other.name_in(agent.language)) for other in others],
        "problem": problem,
    }
    return render(request, "helpcentre/editing/shelf_archive.html", values, status=422 if problem else 200)


def _archive(request: HttpRequest, one: Category, to: Category | None) -> str:
    """What stands in the way."""
    agent = editor_of(request)
    try:
        if to is not None:
            clear_shelf(shelf=one, to=to, by=agent)
        archive_shelf(shelf=one, moved_to=to, by=agent)
    except ShelfInUse:
        return gettext("Articles stand on it. Choose the shelf to which they go.")
    except ShelfGone:
        return gettext("Meanwhile this shelf was archived. Choose another one.")
    messages.success(
        request, gettext("Archived. Its address leads to where its articles are."), extra_tags="ok"
    )
    return ""


@require_POST
@editors_page
def brought_back(request: HttpRequest, pk: int) -> HttpResponse:
    one = _shelf(request, pk)
    bring_back_shelf(shelf=one, by=editor_of(request))
    messages.success(request, gettext("It is a shelf again. Put articles on it."), extra_tags="ok")
    return _to_list(one.brand)


def _to_list(brand: Brand, **more: object) -> HttpResponse:
    return redirect(f"{reverse('articles:shelves')}?{urlencode({'brand': brand.pk, **more})}")


def _shelf(request: HttpRequest, pk: int) -> Category:
    brands = brands_to_edit(editor_of(request))
    found: Category = get_object_or_404(
        Category.objects.filter(brand__in=brands).select_related("brand"), pk=pk
    )
    return found


def _topics(request: HttpRequest, brand: Brand) -> dict[str, str]:
    """What a reader's question may be about: names by key."""
    found = Topic.objects.filter(brand=brand, retired_at=None)
    return {topic.key: topic.name_in(editor_of(request).language) for topic in found}


def change_of(revision: ShelfRevision) -> Change:
    return Change("", compared(_parts(revision.before), _parts(revision.after)), "")


def _parts(written: Mapping[str, Any]) -> dict[str, str]:
    if not written:
        return {}
    named = gettext("Name, %(language)s")
    return {
        **{named % {"language": language_name(code)}: name for code, name in written["names"].items()},
        gettext("Picture"): written["icon"],
        gettext("Topic in the chat"): written["topic"],
        gettext("Place"): str(written["place"] + 1),
        pgettext("article", "Archived"): gettext("Yes") if written["is_archived"] else gettext("No"),
    }


def _form(
    request: HttpRequest,
    brand: Brand,
    one: Category | None,
    typed: TypedShelf,
    *,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    agent = editor_of(request)
    rows = list(ShelfRevision.objects.filter(shelf=one).order_by("-pk")[:CHANGES_SHOWN]) if one else []
    who = names_of(row.actor for row in rows)
    topics = _topics(request, brand)
    if typed.topic and typed.topic not in topics:
        topics[typed.topic] = typed.topic
    is_stale = request.method == "POST" and not conflict
    values = {
        "brand": brand,
        "brands": brands_to_edit(agent),
        "shelf": one,
        "heading": one.name_in(agent.language) if one else "",
        "typed": typed,
        "names": [(code, language_name(code), typed.names.get(code, "")) for code in brand.languages],
        "icons": list(dict.fromkeys([*ICONS, *([one.icon] if one else [])])),
        "topics": topics.items(),
        "changes": [(who[row.actor], row.changed_at, change_of(row)) for row in rows],
        "seen": seen_in(request) if is_stale else (rows[0].pk if rows else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "may_publish": may_publish(agent, brand),
        "action": reverse("articles:shelf", args=[one.pk]) if one else reverse("articles:shelf_new"),
    }
    return render(request, "helpcentre/editing/shelf.html", values, status=status)
