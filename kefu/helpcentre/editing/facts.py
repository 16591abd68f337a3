"""Facts: the figures that texts quote, in one place; each change is kept and put back like other settings."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.settings.history import (
    Change,
    compared,
    history_of,
    last_change,
    page_number,
    seen_in,
)
from kefu.brands.models import Brand
from kefu.helpcentre.actions import BadFact, FactInUse, put_back_fact, remove_fact, set_fact
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page, may_publish
from kefu.helpcentre.facts import ends_in_language
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Fact, FactRevision
from kefu.helpcentre.verbs.facts import quoting
from kefu.journal.revisions import ChangedMeanwhile, newest
from kefu.ui.languages import language_name

WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
SHOWN = 50


@require_safe
@editors_page
def facts(request: HttpRequest) -> HttpResponse:
    brand = chosen_brand(request)
    wanted = request.GET.get("q", "").strip()[:80]
    after = request.GET.get("after", "")[:100]
    found = Fact.objects.filter(brand=brand, key__icontains=wanted, key__gt=after)[: SHOWN + 1]
    rows = list(found)
    values = {
        "brand": brand,
        "brands": brands_to_edit(editor_of(request)),
        "query": wanted,
        "rows": [(fact, in_words(fact.value)) for fact in rows[:SHOWN]],
        "after": rows[SHOWN - 1].key if len(rows) > SHOWN else "",
        "may_publish": may_publish(editor_of(request), brand),
    }
    return render(request, "helpcentre/editing/facts.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def fact(request: HttpRequest, key: str) -> HttpResponse:
    brand = chosen_brand(request)
    known = get_object_or_404(Fact, brand=brand, key=key)
    if request.method != "POST":
        return _form(request, brand, known, typed_of(known))
    return _set(request, brand, known)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def new(request: HttpRequest) -> HttpResponse:
    brand = chosen_brand(request)
    if request.method != "POST":
        return _form(request, brand, None, {"key": "", "value": "", "values": {}})
    return _set(request, brand, None)


def _set(request: HttpRequest, brand: Brand, known: Fact | None) -> HttpResponse:
    typed = _read(request.POST, brand, known)
    # A fact may have been here and gone; what counts is what happens to this name from now on.
    seen = seen_in(request) if known else newest(FactRevision.objects.filter(brand=brand, key=typed["key"]))
    if known is None and Fact.objects.filter(brand=brand, key=typed["key"]).exists():
        problem = gettext("There is a fact of this name already.")
        return _form(request, brand, known, typed, problem=problem, status=422)
    try:
        set_fact(
            brand=brand,
            key=typed["key"],
            value=_value(typed, known),
            by=editor_of(request),
            seen=seen,
        )
    except ChangedMeanwhile as changed:
        return _form(request, brand, known, typed, conflict=changed, status=409)
    except Problem as problem:
        return _form(request, brand, known, typed, problem=problem.in_words(), status=422)
    said = gettext("Saved. Every published text that quotes it reads so now.")
    messages.success(request, said, extra_tags="ok")
    return redirect(f"{reverse('articles:facts')}?brand={brand.pk}")


@require_POST
@editors_page
def removed(request: HttpRequest, key: str) -> HttpResponse:
    brand = chosen_brand(request)
    try:
        remove_fact(fact=get_object_or_404(Fact, brand=brand, key=key), by=editor_of(request))
    except FactInUse as used:
        titles = ", ".join(f"“{one.title}”" for one in used.translations[:3])
        said = gettext("Published texts still quote it: %(titles)s.") % {"titles": titles}
        messages.error(request, said, extra_tags="bad")
        return redirect(f"{reverse('articles:fact', args=[key])}?brand={brand.pk}")
    if ends_in_language(key):
        said = gettext("Taken away for good: a new fact's name doesn't end with a language.")
    else:
        said = gettext("Taken away. It can be put back from what was changed.")
    messages.success(request, said, extra_tags="ok")
    return redirect(f"{reverse('articles:facts')}?brand={brand.pk}")


@require_safe
@editors_page
def history(request: HttpRequest) -> HttpResponse:
    return _history(request, chosen_brand(request))


@require_POST
@editors_page
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    brands = brands_to_edit(editor_of(request))
    revision = get_object_or_404(FactRevision.objects.filter(brand__in=brands).select_related("brand"), pk=pk)
    try:
        put_back_fact(revision=revision, by=editor_of(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, revision.brand, conflict=changed)
    except BadFact as bad:
        said = gettext("It can't be put back. %(why)s") % {"why": bad.in_words()}
        messages.error(request, said, extra_tags="bad")
    except (FactInUse, Problem):
        messages.error(
            request, gettext("It can't be put back: published texts need it as it is."), extra_tags="bad"
        )
    else:
        messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect(f"{reverse('articles:facts_history')}?brand={revision.brand_id}")


def _history(request: HttpRequest, brand: Brand, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    revisions = FactRevision.objects.filter(brand=brand)
    values = {
        "brand": brand,
        "history": history_of(revisions, before=page_number(request.GET.get("before")), describe=change_of),
        "seen": newest(revisions),
        "conflict": last_change(conflict.revision) if conflict else None,
        "more": f"&brand={brand.pk}",
    }
    return render(request, "helpcentre/editing/facts_history.html", values, status=409 if conflict else 200)


def change_of(revision: FactRevision) -> Change:
    def parts(written: dict[str, Any]) -> dict[str, str]:
        return {gettext("Value"): in_words(written["value"])} if "value" in written else {}

    url = reverse("articles:fact_put_back", args=[revision.pk])
    return Change(revision.key, compared(parts(revision.before), parts(revision.after)), url)


def in_words(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{language_name(code)}: {said}" for code, said in value.items())
    return str(value)


def typed_of(known: Fact) -> dict[str, Any]:
    is_by_language = isinstance(known.value, dict)
    return {
        "key": known.key,
        "value": "" if is_by_language else str(known.value),
        "values": known.value if is_by_language else {},
    }


def _read(data: QueryDict, brand: Brand, known: Fact | None) -> dict[str, Any]:
    return {
        "key": known.key if known else data.get("key", "").strip(),
        "value": data.get("value", "").strip(),
        "values": {code: said for code in brand.languages if (said := data.get(f"value-{code}", "").strip())},
    }


def _value(typed: dict[str, Any], known: Fact | None) -> Any:
    """By language where it was said so; a text of digits alone is a number, as a folder's would be."""
    if known is not None and not typed["values"] and str(known.value) == typed["value"]:
        return known.value
    if typed["values"]:
        return typed["values"]
    return int(typed["value"]) if WHOLE.fullmatch(typed["value"]) else typed["value"]


def _form(
    request: HttpRequest,
    brand: Brand,
    known: Fact | None,
    typed: dict[str, Any],
    *,
    problem: str = "",
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    key = known.key if known else ""
    last = FactRevision.objects.filter(brand=brand, key=key).order_by("-pk").first()
    is_stale = request.method == "POST" and not conflict
    values = {
        "brand": brand,
        "fact": known,
        "typed": typed,
        "languages": [(code, language_name(code), typed["values"].get(code, "")) for code in brand.languages],
        "problem": problem,
        "seen": seen_in(request) if is_stale else (last.pk if last else 0),
        "last": last_change(last),
        "conflict": last_change(conflict.revision) if conflict else None,
        "quoting": quoting(brand, key) if known else [],
        "may_publish": may_publish(editor_of(request), brand),
        "history_url": f"{reverse('articles:facts_history')}?brand={brand.pk}",
    }
    return render(request, "helpcentre/editing/fact.html", values, status=status)
