"""`/embed.js`: the one script that a host page loads. It is the same for everybody, in every language of the brand."""

from __future__ import annotations

import gzip
import json
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand

SOURCE = Path(__file__).parent / "static" / "livechat" / "embed.js"
# A change of the brand, or of Kefu, is on every host page so soon.
KEPT_FOR = 5 * 60


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    plain = loader(brand)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    # The same script packed is other bytes, and a strong tag names bytes.
    tag = f'"{sha256(plain).hexdigest()[:32]}{"-gzip" if is_packed else ""}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept(HttpResponseNotModified(), tag)
    response = HttpResponse(
        packed(plain) if is_packed else plain, content_type="text/javascript; charset=utf-8"
    )
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return _kept(response, tag)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """Any page may load it, also one that isolates itself: it holds nothing of anybody's."""
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response.headers["ETag"] = tag
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def loader(brand: Brand) -> bytes:
    """The loader with what it is told of the brand."""
    told = {"hue": brand.accent_hue, "words": {code: _words(brand, code) for code in brand.languages}}
    written = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
    return f"(() => {{\n{_source()}\nembed({written}, document.currentScript);\n}})();\n".encode()


@lru_cache(maxsize=32)
def packed(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def _words(brand: Brand, language: str) -> dict[str, str]:
    with override(language):
        return {
            "title": gettext("%(brand)s support") % {"brand": brand.name},
            "open": gettext("Live chat"),
            "unread": gettext("new messages"),
            "trouble": gettext("The chat can't be shown on this page."),
            "away": gettext("Open it in a window of its own"),
        }
