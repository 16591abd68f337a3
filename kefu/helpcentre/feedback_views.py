"""H4, W1: what readers say of an article, and that it was read. Nothing here is kept in a cache or knows who they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Annotated, Any, TypeVar
from uuid import uuid4

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kefu.conversations.frames import ClientId
from kefu.helpcentre.actions import WordsTooLong, count_reading, give_feedback
from kefu.helpcentre.feedback_words import reasons, verdicts
from kefu.helpcentre.models import Reason, Translation, Verdict
from kefu.helpcentre.nouns.feedback import LONGEST_WORDS
from kefu.helpcentre.views import brand_of, language_now
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of
from kefu.ui.same_origin import is_same_origin
from kefu.ui.zero_characters import is_in_json

# Many readers may share one address, a mobile network's for example.
GIVEN = Limit("helpcentre.feedback.address", 60, timedelta(minutes=10))
READ = Limit("helpcentre.reading.address", 600, timedelta(minutes=10))
LONGEST_BODY = 16 * 1024
LARGEST_REVISION = 2**31 - 1

Shape = TypeVar("Shape")

never_kept = cache_control(no_store=True, private=True)


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason` and `words` left out leave those of before as they are."""

    revision: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_REVISION)]
    client_id: ClientId
    verdict: Verdict
    reason: Reason | None = None
    words: str | None = None


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    revision: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_REVISION)]


class Malformed(ValueError):
    """Not what our own page sends."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_kept
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that asks whether an article helped, for who has no script."""
    translation = _readable(request, slug)
    if request.method != "POST":
        return _page(request, translation, {"verdict": request.GET.get("verdict", "")})
    typed = request.POST
    try:
        given = msgspec.convert(_values_of(typed), Given, strict=False)
        take(GIVEN, network(request))
        _give(request, translation, given)
    except msgspec.ValidationError:
        return _page(
            request, translation, typed, verdict_problem=gettext("Choose one of the two."), status=400
        )
    except WordsTooLong:
        return _page(request, translation, typed, problem=_too_long(), status=400)
    except TooMany as refusal:
        page = _page(request, translation, typed, problem=too_often(refusal), status=429)
        page.headers["Retry-After"] = str(seconds(refusal))
        return page
    return _page(request, translation, {"verdict": given.verdict}, is_given=True)


@csrf_exempt
@require_POST
@never_kept
def said(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as JSON, from the article's own page, which is kept in caches and holds no token."""
    translation = _readable(request, slug)
    try:
        given = decoded(request, Given)
        take(GIVEN, network(request))
        _give(request, translation, given)
    except Malformed:
        words = gettext("We could not read that. Load this page again and send it once more.")
        return JsonResponse({"code": "malformed", "message": words}, status=400)
    except WordsTooLong:
        return JsonResponse({"code": "words_too_long", "message": _too_long()}, status=400)
    except TooMany as refusal:
        answer = {"code": "too_many", "message": too_often(refusal)}
        return JsonResponse(answer, status=429, headers={"Retry-After": str(seconds(refusal))})
    return JsonResponse({"verdict": given.verdict})


@csrf_exempt
@require_POST
@never_kept
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """Another tab has opened the article. Who opens more than the limit is not counted, and not told."""
    translation = _readable(request, slug)
    try:
        opened = decoded(request, Opened)
        take(READ, network(request))
    except (Malformed, TooMany):
        return HttpResponse(status=204)
    count_reading(translation=translation, revision=opened.revision)
    return HttpResponse(status=204)


def _readable(request: HttpRequest, slug: str) -> Translation:
    readable = Translation.objects.readable_in(brand_of(request), language_now()).listed()
    translation: Translation = get_object_or_404(readable, article__slug=slug)
    return translation


def decoded(request: HttpRequest, shape: type[Shape]) -> Shape:
    """Other sites can neither send this content type nor hide where they are. Raises Malformed."""
    if not is_same_origin(request) or request.content_type != "application/json":
        raise Malformed
    if len(request.body) > LONGEST_BODY or is_in_json(request.body):
        raise Malformed
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed from None


def _values_of(typed: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: typed.get(name, "") for name in ("revision", "client_id", "verdict")}
    # A form ends its lines as in a letter of the last century.
    words = typed.get("words", "").replace("\r\n", "\n")
    return values | {"reason": typed.get("reason") or None, "words": words}


def _give(request: HttpRequest, translation: Translation, given: Given) -> None:
    give_feedback(
        translation=translation,
        revision=given.revision,
        client_id=given.client_id,
        verdict=given.verdict,
        reason=given.reason,
        words=given.words,
        network=network(request),
    )


def _page(
    request: HttpRequest,
    translation: Translation,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = {
        "translation": translation,
        "article": translation.article,
        "typed": typed,
        "verdicts": verdicts(),
        "reasons": reasons(),
        "longest_words": LONGEST_WORDS,
        "client_id": typed.get("client_id") or uuid4().hex,
    }
    return render(request, "helpcentre/feedback.html", page | more, status=status)


def _too_long() -> str:
    return gettext("That is longer than 1,000 characters. Shorten it.")


def too_often(refusal: TooMany) -> str:
    minutes = ceil(seconds(refusal) / 60)
    words = ngettext(
        "That was too often. Please try again in a minute; what you wrote is kept.",
        "That was too often. Please try again in %(count)d minutes; what you wrote is kept.",
        minutes,
    )
    return words % {"count": minutes}


def seconds(refusal: TooMany) -> int:
    return max(1, ceil(refusal.retry_after.total_seconds()))


def network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))
