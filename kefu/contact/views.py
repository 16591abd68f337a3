"""The contact page, which is the same for everybody, and its state now, which is never cached."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.contact.days import coming_days, in_one_line, start_of_day
from kefu.contact.ways import ways_of
from kefu.conversations.models import Topic
from kefu.waiting.models import DatedOverride
from kefu.waiting.state import ChatHours, ChatState, chat_hours

DAYS_SHOWN = 7
LONGEST_CACHED = 60
NOTES_AHEAD = timedelta(days=45)


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    brand, at, zone = brand_of(request), now(), timezone.get_current_timezone()
    language = get_language() or ""
    hours = chat_hours(brand)
    spans = hours.spans(start_of_day(at, zone), days=DAYS_SHOWN + 1)
    days = coming_days(spans, zone, at, count=DAYS_SHOWN)
    topics = Topic.objects.filter(brand=brand)
    values = {
        "ways": ways_of(brand, language),
        "topics": [topic.name_in(language) for topic in topics],
        "days": days,
        "week": in_one_line(days),
        "dates": _dates(hours, at, language),
    }
    response = render(request, "contact/ways.html", values)
    response.headers["Cache-Control"] = f"public, max-age={_cached_for(hours.state(at), at)}"
    return response


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Whether the chat is open now, and when it is open in the coming days. Times are in UTC."""
    brand, at = brand_of(request), now()
    # From yesterday on, because it may already be tomorrow where the visitor is, or still be yesterday.
    hours = chat_hours(brand)
    spans = hours.spans(at - timedelta(days=1), days=DAYS_SHOWN + 2)
    answer = {
        "at": _written(at),
        "chat": _chat(hours.state(at)),
        "spans": [[_written(span.opens), _written(span.closes)] for span in spans],
    }
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def brand_of(request: HttpRequest) -> Brand:
    brand = getattr(request, "brand", None)
    if not isinstance(brand, Brand):
        raise Http404
    return brand


def _dates(hours: ChatHours, at: datetime, language: str) -> list[dict[str, Any]]:
    """What is different on certain dates soon, where somebody wrote why."""
    rows = DatedOverride.objects.of_teams(hours.teams).from_day(at.date()).filter(on__lte=at + NOTES_AHEAD)
    found = {(row.on, row.note_in(language)): row for row in rows if row.note_in(language)}
    return [{"on": on, "note": note} for on, note in sorted(found)]


def _chat(chat: ChatState) -> dict[str, str | None]:
    return {
        "kind": chat.kind,
        "closes_at": _written(chat.closes_at),
        "next_opening": _written(chat.next_opening),
        "zone": chat.zone,
    }


def _written(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _cached_for(chat: ChatState, at: datetime) -> int:
    """Seconds until the page says something else, a minute at most."""
    changes_at = chat.changes_at
    return (
        min(LONGEST_CACHED, max(1, int((changes_at - at).total_seconds()))) if changes_at else LONGEST_CACHED
    )
