"""Settings pages of hours: a team's usual week, the dates that differ, and what was changed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.models import Team
from kefu.accounts.settings.doors import agent_of_page, settings_page, team_to_change, teams_to_change
from kefu.accounts.settings.history import last_change, seen_in, show_history
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import language_name
from kefu.ui.moments import WEEKDAYS
from kefu.ui.zones import offset_name, zone_name
from kefu.waiting.actions import add_override, put_back_hours, remove_override, set_week
from kefu.waiting.days import DAYS_SHOWN, coming_days, in_one_line, start_of_day
from kefu.waiting.describing import change_of, kind_in_words
from kefu.waiting.forms import AHEAD, TypedDate, today_of
from kefu.waiting.hours import Kind
from kefu.waiting.models import DatedOverride, HoursRevision
from kefu.waiting.preview import preview_of
from kefu.waiting.state import hours_of, hours_of_teams
from kefu.waiting.typed import Row, TypedWeek, in_words

# Rows of clock times that the form of a date has, typed in or not.
DATE_ROWS = 3


@require_safe
@settings_page("hours")
def teams(request: HttpRequest) -> HttpResponse:
    """The teams whose hours this agent may change; the page of the only one at once."""
    found = teams_to_change(agent_of_page(request))
    if len(found) == 1:
        return redirect("hours:team", team_id=found[0].pk)
    hours, at = hours_of_teams(found), now()
    rows = []
    for team in found:
        zone = ZoneInfo(team.zone)
        spans = list(hours[team.pk].spans(start_of_day(at, zone), days=DAYS_SHOWN + 1))
        rows.append(
            {
                "team": team,
                "week": in_one_line(coming_days(spans, zone, at)),
                "zone": zone_name(zone, at),
                "is_open": hours[team.pk].is_open(at),
            }
        )
    many_brands = len({team.brand_id for team in found}) > 1
    return render(request, "waiting/teams.html", {"rows": rows, "many_brands": many_brands})


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("hours")
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """The week in a form. Adding a row, copying a day and the preview change nothing until it is saved."""
    one = team_to_change(request, team_id)
    if request.method != "POST":
        return _page(request, one, TypedWeek.of(hours_of(one).week), date=_date_to_edit(request, one))
    week = TypedWeek.read(request.POST)
    verb, _, day = request.POST.get("do", "save").partition(":")
    if verb == "row" and day in set("0123456"):
        return _page(request, one, week.with_a_row(int(day)), seen=seen_in(request), is_draft=True)
    if verb == "copy":
        return _page(request, one, _copied(request, week), seen=seen_in(request), is_draft=True)
    return _save_week(request, one, week)


def _save_week(request: HttpRequest, one: Team, week: TypedWeek) -> HttpResponse:
    if not week.is_sound:
        return _page(request, one, week, seen=seen_in(request), status=422)
    try:
        set_week(team=one, week=week.intervals, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _page(request, one, week, conflict=changed, status=409)
    messages.success(request, gettext("The week is saved. Customers see it at once."), extra_tags="ok")
    return redirect("hours:team", team_id=one.pk)


def _copied(request: HttpRequest, week: TypedWeek) -> TypedWeek:
    source, to = request.POST.get("copy-from", ""), set(request.POST.getlist("copy-to"))
    if source not in set("0123456"):
        return week
    return week.copied(int(source), [day for day in range(len(WEEKDAYS)) if str(day) in to])


@require_POST
@settings_page("hours")
def preview(request: HttpRequest, team_id: int) -> HttpResponse:
    """The preview alone, of what is typed just now, for the script beside the form."""
    one = team_to_change(request, team_id)
    week = TypedWeek.read(request.POST)
    return render(request, "waiting/preview.html", _preview(one, week))


@require_POST
@settings_page("hours")
def dates(request: HttpRequest, team_id: int) -> HttpResponse:
    """Say what is different on a date."""
    one = team_to_change(request, team_id)
    typed = TypedDate.read(request.POST, one)
    week = TypedWeek.of(hours_of(one).week)
    if not typed.is_sound:
        return _page(request, one, week, date=typed, seen=seen_in(request), status=422)
    try:
        add_override(
            team=one,
            on=typed.day,
            kind=Kind(typed.kind),
            intervals=[] if typed.kind == Kind.CLOSED else typed.hours.intervals,
            notes=typed.written_notes,
            by=agent_of_page(request),
            seen=seen_in(request),
        )
    except ChangedMeanwhile as changed:
        return _page(request, one, week, date=typed, conflict=changed, status=409)
    messages.success(request, gettext("The date is saved. Customers see it at once."), extra_tags="ok")
    return redirect("hours:team", team_id=one.pk)


@require_POST
@settings_page("hours")
def date_end(request: HttpRequest, team_id: int, pk: int) -> HttpResponse:
    """The date is like any other again. It stands in the list of changes, from where it can be put back."""
    one = team_to_change(request, team_id)
    override = get_object_or_404(DatedOverride, pk=pk, team=one)
    try:
        remove_override(override=override, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        week = TypedWeek.of(hours_of(one).week)
        return _page(request, one, week, conflict=changed, status=409)
    messages.success(
        request,
        gettext("The date is like any other again. You can put it back from the list of changes."),
        extra_tags="ok",
    )
    return redirect("hours:team", team_id=one.pk)


@require_safe
@settings_page("hours")
def history(request: HttpRequest, team_id: int) -> HttpResponse:
    return _history(request, team_to_change(request, team_id))


@require_POST
@settings_page("hours")
def put_back(request: HttpRequest, team_id: int, pk: int) -> HttpResponse:
    one = team_to_change(request, team_id)
    revision = get_object_or_404(HoursRevision.objects.select_related("team"), pk=pk, team=one)
    try:
        put_back_hours(revision=revision, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, one, conflict=changed)
    messages.success(request, gettext("What was before is back. Customers see it at once."), extra_tags="ok")
    return redirect("hours:team", team_id=one.pk)


def _history(request: HttpRequest, one: Team, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    return show_history(
        request,
        about=one.name,
        back="../",
        revisions=HoursRevision.objects.of_team(one).select_related("team"),
        describe=change_of,
        conflict=conflict,
    )


def _page(
    request: HttpRequest,
    one: Team,
    week: TypedWeek,
    *,
    date: TypedDate | None = None,
    seen: int | None = None,
    is_draft: bool = False,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    revisions = HoursRevision.objects.of_team(one)
    zone = ZoneInfo(one.zone)
    last = revisions.order_by("-pk").first()
    values = {
        "team": one,
        "zone_name": zone_name(zone, now()),
        "zone_offset": offset_name(zone, now()),
        "week": [(number, str(name), week.days[number]) for number, name in enumerate(WEEKDAYS)],
        "is_draft": is_draft,
        "seen": (last.pk if last else 0) if seen is None else seen,
        "last": last_change(last),
        "conflict": last_change(conflict.revision) if conflict else None,
        "date": date or TypedDate(),
        "date_rows": _at_least(DATE_ROWS, (date or TypedDate()).hours.rows),
        "dates": _dates(one),
        "today": today_of(one).isoformat(),
        "last_day": (today_of(one) + AHEAD).isoformat(),
        "note_fields": [
            (code, language_name(code), (date or TypedDate()).notes.get(code, ""))
            for code in one.brand.languages
        ],
        **_preview(one, week),
    }
    return render(request, "waiting/team.html", values, status=status)


def _preview(one: Team, week: TypedWeek) -> dict[str, Any]:
    return {"preview": preview_of(one, week.intervals), "preview_zone": zone_name(ZoneInfo(one.zone), now())}


def _at_least(count: int, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return rows + (Row(),) * (count - len(rows))


def _dates(one: Team) -> list[dict[str, Any]]:
    """Dates that are still to come, the note in the language of whoever reads it or in the brand's."""
    rows = DatedOverride.objects.of_teams([one]).from_day(today_of(one))
    return [
        {
            "pk": row.pk,
            "on": row.on,
            "kind": kind_in_words(row.kind),
            "hours": in_words(row.override.intervals),
            "notes": [note for note in row.notes.values() if note],
        }
        for row in rows
    ]


def _date_to_edit(request: HttpRequest, one: Team) -> TypedDate | None:
    on = request.GET.get("on", "")
    found = next((row for row in DatedOverride.objects.of_teams([one]) if row.on.isoformat() == on), None)
    return TypedDate.of(found) if on and found else None
