"""Official ways to reach a brand: the one list that customers check against, so changing an address is asked about twice."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.doors import agent_of_page, proven_again, settings_page
from kefu.accounts.settings.history import Difference, compared, last_change, seen_in, show_history
from kefu.brands.models import Brand
from kefu.desk.settings.brands import brands_to_change, chosen_brand
from kefu.desk.settings.typed_way import TypedWay, kinds_in_words
from kefu.desk.settings.way_changes import change_of, parts_of
from kefu.journal.revisions import ChangedMeanwhile, newest
from kefu.safety.actions import add_way, change_way, hide_way, order_ways, put_back_way, remove_way, show_way
from kefu.safety.models import OfficialWay, OfficialWayRevision
from kefu.ui.languages import language_name
from kefu.ui.moments import WEEKDAYS


@require_safe
@settings_page("ways")
def ways(request: HttpRequest) -> HttpResponse:
    brands = brands_to_change(agent_of_page(request))
    brand = chosen_brand(request, brands)
    kinds = kinds_in_words()
    rows = [
        {"way": way, "kind": kinds[way.kind], "name": way.name_in(request.agent.language)}  # type: ignore[attr-defined]
        for way in OfficialWay.objects.filter(brand=brand)
    ]
    last = OfficialWayRevision.objects.filter(brand=brand).order_by("-pk").first()
    values = {
        "brand": brand,
        "brands": brands,
        "rows": rows,
        "last": last_change(last),
        "history_url": f"{reverse('desk_settings:ways_history')}?brand={brand.pk}",
    }
    return render(request, "desk/settings/ways.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("ways")
@proven_again
def new(request: HttpRequest) -> HttpResponse:
    brand = chosen_brand(request, brands_to_change(agent_of_page(request)))
    if request.method != "POST":
        return _form(request, brand, None, TypedWay())
    return _said(request, brand, None)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("ways")
@proven_again
def way(request: HttpRequest, pk: int) -> HttpResponse:
    one = _way(request, pk)
    if request.method != "POST":
        return _form(request, one.brand, one, TypedWay.of(one))
    return _said(request, one.brand, one)


def _said(request: HttpRequest, brand: Brand, one: OfficialWay | None) -> HttpResponse:
    """Check what is typed; ask before another address is published; then save it."""
    typed = TypedWay.read(request.POST, brand)
    verb, _, day = request.POST.get("do", "save").partition(":")
    if verb == "row" and day in set("0123456"):
        return _form(request, brand, one, _with_a_row(typed, int(day)))
    if not typed.is_sound:
        return _form(request, brand, one, typed, status=422)
    try:
        _check(brand, one, typed)
        if verb == "back" or (typed.has_other_address(one) and request.POST.get("compared") != "yes"):
            return _form(request, brand, one, typed) if verb == "back" else _ask(request, brand, one, typed)
        _save(request, brand, one, typed)
    except ValidationError as error:
        return _form(request, brand, one, typed.refused(error), status=422)
    except ChangedMeanwhile as changed:
        return _form(request, brand, one, typed, conflict=changed, status=409)
    messages.success(request, gettext("Saved. Customers see it in the list now."), extra_tags="ok")
    return redirect(_list_of(brand))


def _with_a_row(typed: TypedWay, day: int) -> TypedWay:
    return TypedWay(
        typed.kind, typed.value, typed.url, typed.names, typed.good_for, typed.week.with_a_row(day)
    )


def _check(brand: Brand, one: OfficialWay | None, typed: TypedWay) -> None:
    """Raises ValidationError before anybody is asked to confirm what could not be saved."""
    wanted = copy(one) if one else OfficialWay(brand=brand)
    for name, value in typed.text.values().items():
        setattr(wanted, name, value)
    wanted.full_clean()


def _save(request: HttpRequest, brand: Brand, one: OfficialWay | None, typed: TypedWay) -> None:
    by = agent_of_page(request).actor
    if one is None:
        add_way(brand=brand, text=typed.text, by=by)
    else:
        change_way(way=one, text=typed.text, by=by, seen=seen_in(request))


@require_POST
@settings_page("ways")
@proven_again
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to customers, or hide it from them; it stays in the list."""
    one = _way(request, pk)
    change = show_way if request.POST.get("shown") == "yes" else hide_way
    change(way=one, by=agent_of_page(request).actor)
    return redirect(_list_of(one.brand))


@require_POST
@settings_page("ways")
@proven_again
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    one = _way(request, pk)
    ways = list(OfficialWay.objects.filter(brand=one.brand))
    place = ways.index(one)
    other = place - 1 if request.POST.get("to") == "up" else place + 1
    if 0 <= other < len(ways):
        ways[place], ways[other] = ways[other], ways[place]
        order_ways(ways=ways, by=agent_of_page(request).actor)
    return redirect(_list_of(one.brand))


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("ways")
@proven_again
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of the list, after asking."""
    one = _way(request, pk)
    conflict = None
    if request.method == "POST":
        try:
            remove_way(way=one, by=agent_of_page(request).actor, seen=seen_in(request))
        except ChangedMeanwhile as changed:
            conflict = last_change(changed.revision)
        else:
            messages.success(request, gettext("It is no longer in the list."), extra_tags="ok")
            return redirect(_list_of(one.brand))
    values = {
        "way": one,
        "brand": one.brand,
        "kind": kinds_in_words()[one.kind],
        "name": one.name_in(request.agent.language),  # type: ignore[attr-defined]
        "seen": newest(OfficialWayRevision.objects.of_way(one.pk)),
        "back": _list_of(one.brand),
        "conflict": conflict,
    }
    return render(request, "desk/settings/way_end.html", values, status=409 if conflict else 200)


@require_safe
@settings_page("ways")
def history(request: HttpRequest) -> HttpResponse:
    return _history(request, chosen_brand(request, brands_to_change(agent_of_page(request))))


@require_POST
@settings_page("ways")
@proven_again
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    revision = get_object_or_404(OfficialWayRevision.objects.select_related("brand"), pk=pk)
    require(agent_of_page(request), May.CHANGE_SETTINGS, Scope(revision.brand_id))
    try:
        put_back_way(revision=revision, by=agent_of_page(request).actor, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, revision.brand, conflict=changed)
    except ValidationError:
        messages.error(
            request, gettext("This can't be put back: the brand has such a way already."), extra_tags="bad"
        )
        return redirect(f"{reverse('desk_settings:ways_history')}?brand={revision.brand_id}")
    messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect(_list_of(revision.brand))


def _history(request: HttpRequest, brand: Brand, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    return show_history(
        request,
        about=brand.name,
        back=_list_of(brand),
        revisions=OfficialWayRevision.objects.filter(brand=brand),
        describe=change_of,
        conflict=conflict,
        more=f"&brand={brand.pk}",
    )


def _way(request: HttpRequest, pk: int) -> OfficialWay:
    brands = brands_to_change(agent_of_page(request))
    return get_object_or_404(OfficialWay.objects.select_related("brand"), pk=pk, brand__in=brands)


def _form(
    request: HttpRequest,
    brand: Brand,
    one: OfficialWay | None,
    typed: TypedWay,
    *,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    values = _values(request, brand, one, typed) | {
        "conflict": last_change(conflict.revision) if conflict else None,
        "kinds": kinds_in_words(),
        "week": [(number, str(name), typed.week.days[number]) for number, name in enumerate(WEEKDAYS)],
        "has_week": any(day.rows for day in typed.week.days),
        "words": [
            (code, language_name(code), typed.names.get(code, ""), typed.good_for.get(code, ""))
            for code in brand.languages
        ],
    }
    if conflict:
        values["seen"] = conflict.revision.pk
    return render(request, "desk/settings/way.html", values, status=status)


def _ask(request: HttpRequest, brand: Brand, one: OfficialWay | None, typed: TypedWay) -> HttpResponse:
    """Before and after, and everything that was typed once more, for the one who is sure."""
    after = parts_of({**typed.text.values(), "is_shown": one.is_shown if one else True})
    before = parts_of(one.written()) if one else {}
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "do", "compared"}
        for value in values
    ]
    differences: list[Difference] = compared(before, after)
    values = _values(request, brand, one, typed) | {"differences": differences, "kept": kept}
    return render(request, "desk/settings/way_sure.html", values)


def _values(request: HttpRequest, brand: Brand, one: OfficialWay | None, typed: TypedWay) -> dict[str, Any]:
    revisions = OfficialWayRevision.objects.of_way(one.pk) if one else OfficialWayRevision.objects.none()
    last = revisions.order_by("-pk").first()
    return {
        "brand": brand,
        "way": one,
        "called": (one.value or kinds_in_words()[one.kind]) if one else "",
        "typed": typed,
        "action": reverse("desk_settings:way", args=[one.pk]) if one else reverse("desk_settings:way_new"),
        "back": _list_of(brand),
        "last": last_change(last),
        "seen": seen_in(request) if request.method == "POST" else (last.pk if last else 0),
    }


def _list_of(brand: Brand) -> str:
    return f"{reverse('desk_settings:ways')}?brand={brand.pk}"
