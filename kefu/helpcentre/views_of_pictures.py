"""Serving the pictures of articles: to everybody who may read a text that shows them, else to staff."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kefu.accounts.policy import May, Scope, allows
from kefu.helpcentre.models import Picture, Translation
from kefu.helpcentre.picture_store import open_picture

KEPT_FOR = 24 * 60 * 60


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Its bytes never change under this name; a text may stop showing it, so it is kept for a day and not for good."""
    found = get_object_or_404(Picture, name=name)
    is_public = Translation.objects.public().filter(pictures=found).exists()
    agent = getattr(request, "agent", None)
    if not is_public and not allows(agent, May.READ_STAFF_ARTICLES, Scope(found.brand_id)):
        raise Http404
    try:
        response = FileResponse(open_picture(found), content_type=found.content_type)
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age={KEPT_FOR}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
