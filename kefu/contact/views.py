"""The contact page, which is the same for everybody, and its state now, which is never kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.contact.ways import Ways, timed_ways, ways_of
from kefu.conversations.models import Topic
from kefu.ui.kept_pages import for_everybody, holds_until
from kefu.waiting.days import DAYS_SHOWN, coming_days, in_one_line, start_of_day
from kefu.waiting.models import DatedOverride, Greeting
from kefu.waiting.state import ChatHours, ChatState, chat_hours, zone_of
from kefu.waiting.together import Together

NOTES_AHEAD = timedelta(days=45)


@require_safe
@for_everybody
def ways(request: HttpRequest) -> HttpResponse:
    brand, at, zone = brand_of(request), now(), timezone.get_current_timezone()
    language = get_language() or ""
    hours = chat_hours(brand)
    spans = hours.spans(start_of_day(at, zone), days=DAYS_SHOWN + 1)
    days = coming_days(spans, zone, at, count=DAYS_SHOWN)
    topics = Topic.objects.offered(brand)
    found = ways_of(hours, language, at)
    holds_until(request, _next_change(hours, found, at))
    # What is "today" on the page is so until midnight: the reader's, and that of the teams whose dates stand there.
    for place in (zone, _own_zone(hours)):
        holds_until(request, start_of_day(at + timedelta(days=1), place))
    values = {
        "ways": found,
        "topics": [topic.name_in(language) for topic in topics],
        "days": days,
        "week": in_one_line(days),
        "dates": _dates(hours, at, language),
        "greeting": Greeting.objects.text_in(language, brand=brand),
    }
    return render(request, "contact/ways.html", values)


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Whether the chat and other ways are open now, and when they are in the coming days. Times are in UTC."""
    brand, at = brand_of(request), now()
    # From yesterday on, because it may already be tomorrow where the visitor is, or still be yesterday.
    since = at - timedelta(days=1)
    desk = chat_hours(brand)
    answer = {
        "at": _written(at),
        "chat": _chat(desk.state(at)),
        "spans": _spans(desk.together, since),
        "ways": {
            way_id: _way_now(hours, at) | {"spans": _spans(hours, since)}
            for way_id, hours in timed_ways(desk).items()
        },
    }
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def brand_of(request: HttpRequest) -> Brand:
    brand = getattr(request, "brand", None)
    if not isinstance(brand, Brand):
        raise Http404
    return brand


def _next_change(hours: ChatHours, ways: Ways, at: datetime) -> datetime | None:
    """When the chat or any other way next opens or closes, if that is known."""
    timed = [hours.together, *(way.hours for way in ways.all if way.hours)]
    moments = [moment for one in timed for moment in (one.closes_at(at), one.next_opening(at)) if moment]
    return min((moment for moment in moments if moment > at), default=None)


def _dates(hours: ChatHours, at: datetime, language: str) -> list[dict[str, Any]]:
    """What is different on certain dates soon, where somebody wrote why."""
    today = at.astimezone(_own_zone(hours)).date()
    rows = DatedOverride.objects.of_teams(hours.teams).from_day(today).filter(on__lte=today + NOTES_AHEAD)
    found = {(row.on, row.note_in(language)): row for row in rows if row.note_in(language)}
    return [{"on": on, "note": note} for on, note in sorted(found)]


def _own_zone(hours: ChatHours) -> ZoneInfo:
    """In which the dates of the teams are meant."""
    return ZoneInfo(zone_of(hours.brand, hours.teams))


def _chat(chat: ChatState) -> dict[str, str | None]:
    return {
        "kind": chat.kind,
        "closes_at": _written(chat.closes_at),
        "next_opening": _written(chat.next_opening),
        "zone": chat.zone,
    }


def _way_now(hours: Together, at: datetime) -> dict[str, Any]:
    is_open = hours.is_open(at)
    return {
        "kind": "open" if is_open else "closed",
        "closes_at": _written(hours.closes_at(at)),
        "next_opening": None if is_open else _written(hours.next_opening(at)),
    }


def _spans(hours: Together, since: datetime) -> list[list[str | None]]:
    spans = hours.spans(since, days=DAYS_SHOWN + 2)
    return [[_written(span.opens), _written(span.closes)] for span in spans]


def _written(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
