"""How the API answers: JSON, and for what is no success a code for programs and a sentence for whoever writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from kefu.brands.models import Brand
from kefu.helpcentre.feedback_views import seconds
from kefu.safety.limits import Limit, TooMany, take

NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Refused(Exception):
    """What was asked can't be answered; the caller is told why and with which status."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def not_allowed(methods: str) -> Refused:
    return Refused(405, "method_not_allowed", f"This address takes {methods}.", {"Allow": methods})


def too_often(refusal: TooMany) -> Refused:
    wait = seconds(refusal)
    says = f"That was too often. Ask again in {wait} seconds."
    return Refused(429, "too_many", says, {"Retry-After": str(wait)})


def take_or_refuse(limit: Limit, key: str) -> None:
    """Raises Refused with 429."""
    try:
        take(limit, key)
    except TooMany as refusal:
        raise too_often(refusal) from None


def refusal_of(why: Refused) -> HttpResponse:
    response = json_of({"error": {"code": why.code, "message": why.message}}, status=why.status)
    for name, value in why.headers.items():
        response.headers[name] = value
    return response


def json_of(value: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(value, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/json"
    return response


def brand_asked(request: HttpRequest) -> Brand:
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        raise Refused(404, "not_found", "There is no help centre here yet.")
    return brand


def number_asked(request: HttpRequest, name: str, usual: int, *, least: int, most: int) -> int:
    given = request.GET.get(name)
    if given is None:
        return usual
    if not NUMBER.fullmatch(given) or not least <= int(given) <= most:
        raise Refused(400, "bad_number", f"{name} is a whole number from {least} to {most}.")
    return int(given)
