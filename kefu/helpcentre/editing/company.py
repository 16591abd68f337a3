"""Who else is at the same text now, told while an editor types and not only when they save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from kefu.accounts.models import Agent
from kefu.accounts.settings.history import names_of, page_number
from kefu.helpcentre.actions import be_present, leave
from kefu.helpcentre.editing.doors import editor_of, editors_page, translation_to_edit
from kefu.helpcentre.models import Presence, Revision, Translation


@dataclass(frozen=True)
class Newer:
    """What was saved since the page was opened, by whom."""

    revision: Revision
    who: str


@require_POST
@editors_page
def company(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The editor's page says that it is open, or is left; the answer is who else is there, in words."""
    translation, agent = translation_to_edit(request, pk, language), editor_of(request)
    if request.POST.get("leaving") == "yes":
        leave(translation=translation, by=agent)
        return HttpResponse(status=204)
    be_present(translation=translation, by=agent, is_changing=request.POST.get("changing") == "yes")
    based_on = page_number(request.POST.get("based_on")) or 0
    values = company_of(translation, agent) | {"newer": _newer(translation, based_on)}
    return render(request, "helpcentre/editing/company.html", values)


def company_of(translation: Translation, agent: Agent) -> dict[str, Any]:
    at: datetime = now()
    here = Presence.objects.now_at(translation.article, translation.language, at=at)
    return {
        "article": translation.article,
        "translation": translation,
        "company": list(here.exclude(agent=agent)),
    }


def _newer(translation: Translation, based_on: int) -> Newer | None:
    newest = translation.newest
    if newest is None or newest.number <= based_on:
        return None
    return Newer(newest, names_of([newest.actor])[newest.actor])
