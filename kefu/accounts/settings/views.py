"""The list of settings: what there is, for who may change something."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kefu.accounts.policy import May, Refused
from kefu.accounts.settings.doors import agent_of_page
from kefu.accounts.settings.registry import pages_for
from kefu.accounts.staff import staff_only


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    pages = pages_for(agent_of_page(request))
    if not pages:
        raise Refused(May.CHANGE_SETTINGS)
    return render(request, "accounts/settings/index.html", {"pages": pages})
