"""The offline pack as a page to print, and as one file to keep."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.helpcentre.pack import file_name, pack_of
from kefu.ui.kept_pages import for_everybody

STYLES = Path(__file__).parent / "static" / "helpcentre" / "pack.css"


@require_safe
@for_everybody
def pack(request: HttpRequest) -> HttpResponse:
    brand = _brand(request)
    return render(request, "helpcentre/pack.html", {"pack": pack_of(brand, get_language() or "")})


@require_safe
@for_everybody
def pack_file(request: HttpRequest) -> HttpResponse:
    """The same in one file that needs no other, its styles in it: its own policy allows these very ones and nothing else."""
    brand = _brand(request)
    values = {"pack": pack_of(brand, get_language() or ""), "sheet": mark_safe(f"<style>{styles()}</style>")}  # noqa: S308 - our own file
    response = HttpResponse(render_to_string("helpcentre/pack_file.html", values, request))
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(brand)}"'
    digest = base64.b64encode(hashlib.sha256(styles().encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@cache
def styles() -> str:
    """As they stand between the tags, to the letter."""
    return f"\n{STYLES.read_text(encoding='utf-8')}"


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        raise Http404("There is no brand yet.")
    return brand
