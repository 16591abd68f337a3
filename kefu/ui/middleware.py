"""What every response gets: its language, the visitor's zone, and headers that keep foreign code out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from kefu.ui.languages import html_lang, language_in, wished_language
from kefu.ui.secret_address import secret_policy
from kefu.ui.zones import zone_called

Respond = Callable[[HttpRequest], HttpResponse]

ZONE_COOKIE = "kefu_zone"


def content_policy(*, framed_by: Sequence[str] = ()) -> str:
    """What a page may load and who may show it inside their own, which is nobody unless a view names them."""
    ancestors = " ".join(framed_by) or "'none'"
    # A frame fetches the files of its conversation with a token, and shows what it has fetched.
    fetched = " blob:" if framed_by else ""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{fetched}",
            f"media-src 'self'{fetched}",
            "connect-src 'self'",
            "font-src 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


POLICY = content_policy()
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
ONE_YEAR = 365 * 24 * 60 * 60


def security_headers(get_response: Respond) -> Respond:
    """A view may set any of these itself, such as a stricter Referrer-Policy; what it left open is set here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        secret = secret_policy(request)
        response.headers.setdefault("Referrer-Policy", secret or "same-origin")
        if secret:
            response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.SECURE_COOKIES:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        # A page that hands out a cookie is somebody's own, whatever its view believed.
        if response.cookies or not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


# A program says in its query which language it wants, and gets it whatever its headers say.
FOR_PROGRAMS = "/api/"


def language_of_path(get_response: Respond) -> Respond:
    """The path says the language; where it doesn't, the browser's wish does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        in_path = language_in(request.path_info)
        is_for_programs = request.path_info.startswith(FOR_PROGRAMS)
        language = in_path or (settings.LANGUAGE_CODE if is_for_programs else wished_language(request))
        translation.activate(language)
        request.LANGUAGE_CODE = language
        try:
            response = get_response(request)
            response.headers.setdefault("Content-Language", html_lang(translation.get_language()))
        finally:
            translation.deactivate()
        if not in_path and not is_for_programs:
            patch_vary_headers(response, ("Accept-Language",))
        return response

    return middleware


def chosen_zone(request: HttpRequest) -> ZoneInfo | None:
    """The zone that the visitor chose for this browser."""
    return zone_called(request.COOKIES.get(ZONE_COOKIE))


def zone_of_visitor(get_response: Respond) -> Respond:
    """Times are shown in the zone that the visitor chose, else in the brand's; a script may know better."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = chosen_zone(request)
        brand = getattr(request, "brand", None)
        zone = chosen or zone_called(getattr(brand, "zone", None))
        if zone:
            timezone.activate(zone)
        try:
            response = get_response(request)
        finally:
            timezone.deactivate()
        # A page drawn in a chosen zone must not be given to others.
        if chosen and "no-store" not in response.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return middleware
