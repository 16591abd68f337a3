"""Is this letter from us? Anybody may ask, with the code that is printed in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.mailroom.codes import read_code
from kefu.mailroom.models import Letter
from kefu.safety.addresses import masked
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of

# Whoever reads a code off a letter hardly ever misses; whoever guesses always does.
MISSES = Limit("mailroom.check", times=20, per=timedelta(minutes=10))


@dataclass(frozen=True)
class Answer:
    """`kind` is ours, not_ours, no_code or too_many; the rest is there for ours alone. `at` is the date in the mail."""

    kind: str
    letter: str = ""
    at: datetime | None = None
    to: str = ""


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("code", "").strip()[:40]
    answer = _answer(request, typed) if typed else None
    response = render(request, "mailroom/check.html", {"typed": typed, "answer": answer})
    if answer is not None and answer.kind == "too_many":
        response.status_code = 429
    return response


def _answer(request: HttpRequest, typed: str) -> Answer:
    code = read_code(typed)
    if code is None:
        return Answer("no_code")
    letters = Letter.objects.that_left().filter(brand=_brand(request), code=code)
    letter = letters.first()
    if letter is not None:
        return Answer("ours", letter.kind, letter.created_at, masked(letter.recipient))
    try:
        take(MISSES, network_of(request.META.get("REMOTE_ADDR", "")))
    except TooMany:
        return Answer("too_many")
    return Answer("not_ours")


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand
