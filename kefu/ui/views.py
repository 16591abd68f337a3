"""The front door, the brand's colour, the choice of a zone, and the pages for when something went wrong."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kefu.ui.context import Page
from kefu.ui.languages import HTML_LANG, in_language, language_in, wished_language
from kefu.ui.middleware import FOR_PROGRAMS, ONE_YEAR, ZONE_COOKIE
from kefu.ui.zero_characters import ZeroCharacter
from kefu.ui.zones import zone_called, zone_choices, zone_key

FULL_CIRCLE = 360
# Codes never change; the API's own doors have more of them.
TOLD_PROGRAMS = {
    400: {"code": "bad_request", "message": "Something in the address or the body can't be read."},
    403: {"code": "forbidden", "message": "This is not open to you."},
    404: {"code": "not_found", "message": "There is nothing at this address."},
    500: {"code": "server_error", "message": "Something broke on our side; try again in a moment."},
    503: {"code": "busy", "message": "We are very busy; try again in a moment."},
}
# Whoever comes here works at the desk, and has no business on customers' pages.
FOR_STAFF = "/desk/"
SYMBOLS = {400: "question", 403: "lock", 404: "search", 500: "warning", 503: "clock"}


@require_safe
def first_language(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the help centre in the language that their browser asks for."""
    brand = getattr(request, "brand", None)
    offered = (brand.languages if brand else None) or list(HTML_LANG)
    wished = wished_language(request)
    response = HttpResponseRedirect(f"/{wished if wished in offered else offered[0]}/")
    response.headers["Vary"] = "Accept-Language"
    return response


@require_safe
def brand_css(_request: HttpRequest, hue: int) -> HttpResponse:
    """The operator's one colour. The hue is in the address, so a new colour is seen at once."""
    if hue > FULL_CIRCLE:
        raise Http404
    response = HttpResponse(
        f"@layer tokens {{ :root {{ --accent-h: {hue}; }} }}\n", content_type="text/css; charset=utf-8"
    )
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def zone(request: HttpRequest, language: str) -> HttpResponse:
    """Choose the zone in which times are shown, or follow the device again; works without script."""
    if language not in HTML_LANG:
        raise Http404
    translation.activate(language)
    back = _way_back(request, language)
    if request.method == "POST":
        return _kept(HttpResponseRedirect(back), zone_called(request.POST.get("zone")))
    request.in_languages = {  # type: ignore[attr-defined]
        code: f"{reverse('ui:zone', args=[code])}?next={quote(in_language(back, code))}" for code in HTML_LANG
    }
    chosen = zone_key(timezone.get_current_timezone())
    values = {"zones": zone_choices(now(), chosen), "back": back}
    return render(request, "ui/zone.html", values)


def _kept(response: HttpResponse, chosen: ZoneInfo | None) -> HttpResponse:
    if chosen is None:
        response.delete_cookie(ZONE_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            ZONE_COOKIE, chosen.key, max_age=ONE_YEAR, secure=settings.SECURE_COOKIES, samesite="Lax"
        )
    return response


def _way_back(request: HttpRequest, language: str) -> str:
    wished = request.POST.get("next") or request.GET.get("next") or ""
    if wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None):
        return wished
    return f"/{language}/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _trouble(request, 400, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _trouble(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's CSRF_FAILURE_VIEW: the form was too old, or came from another site."""
    return _trouble(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _trouble(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _trouble(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _trouble(request, 503)
    response.headers["Retry-After"] = "10"
    return response


def _trouble(request: HttpRequest, status: int, exception: Exception | None = None) -> HttpResponse:
    """Drawn from the address and an already loaded brand alone: no session and no database."""
    if request.path_info.startswith(FOR_PROGRAMS):
        return JsonResponse({"error": TOLD_PROGRAMS[status]}, status=status)
    language = language_in(request.path_info) or wished_language(request)
    is_for_staff = request.path_info.startswith(FOR_STAFF)
    with translation.override(language):
        title, says = _words(status)
        if is_for_staff and status == HTTPStatus.NOT_FOUND:
            says = gettext("It may have moved, or the address was mistyped.")
        if isinstance(exception, ZeroCharacter):
            says = gettext(
                "What was entered holds a character that no text can hold, the zero character. Go back and take it out."
            )
        values = {
            "page": Page(request),
            "status": status,
            "symbol": SYMBOLS[status],
            "title": title,
            "says": says,
            "is_for_staff": is_for_staff,
        }
        return HttpResponse(render_to_string("ui/trouble.html", values), status=status)


def _words(status: int) -> tuple[str, str]:
    return {
        400: (
            gettext("We could not read that request"),
            gettext("Something in the address or the form was not as expected. Go back and try once more."),
        ),
        403: (
            gettext("You may not see this page"),
            gettext(
                "It may have been open too long. Load it again; if this stays, the page is not meant for you."
            ),
        ),
        404: (
            gettext("This page does not exist"),
            gettext("It may have moved, or the address was mistyped. Look in the help centre, or ask us."),
        ),
        500: (
            gettext("Something broke on our side"),
            gettext("It was not your doing. What we confirmed is kept. Please try again in a moment."),
        ),
        503: (
            gettext("We are very busy right now"),
            gettext("This page works again in a moment. What we confirmed is kept."),
        ),
    }[status]
