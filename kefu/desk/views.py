"""The desk's one page: views, list, thread and context, drawn from the data that it carries."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kefu.accounts.policy import May, require
from kefu.accounts.settings.registry import pages_for
from kefu.accounts.staff import staff_only
from kefu.conversations.models import Conversation
from kefu.desk.lists import View
from kefu.desk.page import start_of


@require_GET
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    require(request.agent, May.USE_DESK)  # type: ignore[attr-defined]
    return redirect("desk:inbox", view=View.MINE.value)


@require_GET
@never_cache
@staff_only
def inbox(request: HttpRequest, view: str, ref: str | None = None) -> HttpResponse:
    if view not in set(View):
        raise Http404
    agent = request.agent  # type: ignore[attr-defined]
    require(agent, May.USE_DESK)
    conversation = get_object_or_404(Conversation.objects.visible_to(agent), ref=ref) if ref else None
    values = {
        "start": start_of(agent, View(view), conversation),
        "agent": agent,
        "view": view,
        "has_settings": bool(pages_for(agent)),
    }
    return render(request, "desk/desk.html", values)
