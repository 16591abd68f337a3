"""The demo's outbox: on one's own machine it is open; a demo that others can reach shows it to its admins only."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kefu.accounts.policy import May, allows
from kefu.demo.models import OutboxLetter

LETTERS_A_PAGE = 20
# As mail programs show a letter: its own styles, and nothing that runs, loads or is sent.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"
)


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    letters = OutboxLetter.objects.select_related("letter__brand")
    page = Paginator(letters, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/outbox.html", {"letters": page})


@require_safe
@never_cache
def letter(request: HttpRequest, pk: int, subtype: str) -> HttpResponse:
    _require_reader(request)
    kept = get_object_or_404(OutboxLetter, pk=pk)
    response = HttpResponse(kept.part(subtype), content_type=f"text/{subtype}; charset=utf-8")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _require_reader(request: HttpRequest) -> None:
    """Raises Http404, as if there were no outbox, where there is none for this reader."""
    agent = request.agent  # type: ignore[attr-defined]
    if not settings.DEMO or not (settings.ALONE_HERE or allows(agent, May.CHANGE_SETTINGS)):
        raise Http404
