"""What is an agent's own: sessions that are open, the password, and the language and the zone of their pages."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kefu.accounts.actions import choose_password, choose_preferences, end_agent_session, end_agent_sessions
from kefu.accounts.devices import device_of
from kefu.accounts.forms import NewPassword, Preferences
from kefu.accounts.people.agents import Agent
from kefu.accounts.staff import staff_only
from kefu.accounts.verbs.sign_ins import living_sessions
from kefu.ui.zones import zone_choices


def _agent(request: HttpRequest) -> Agent:
    agent: Agent = request.agent  # type: ignore[attr-defined]
    return agent


@require_GET
@staff_only
def sessions(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key
    rows = [
        {"session": session, "device": device_of(session.user_agent), "is_here": session.session_key == here}
        for session in living_sessions(_agent(request))
    ]
    return render(
        request, "accounts/sessions.html", {"rows": rows, "others": any(not row["is_here"] for row in rows)}
    )


@require_POST
@staff_only
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=_agent(request))
    end_agent_session(agent=_agent(request), session_key=session.session_key, by=_agent(request).actor)
    if session.session_key == request.session.session_key:
        logout(request)
        return redirect("account_login")
    return redirect("usersessions_list")


@require_POST
@staff_only
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    end_agent_sessions(agent=_agent(request), by=_agent(request).actor, keep=request.session.session_key)
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def preferences(request: HttpRequest) -> HttpResponse:
    agent = _agent(request)
    typed = request.POST if request.method == "POST" else None
    form = Preferences(typed, initial={"language": agent.language, "zone": agent.zone})
    if not form.is_valid():
        chosen = str(form["zone"].value() or "")
        values = {"form": form, "zones": zone_choices(now(), chosen)}
        return render(request, "accounts/preferences.html", values, status=422 if form.is_bound else 200)
    choose_preferences(agent=agent, **form.cleaned_data)
    with translation.override(agent.language):
        messages.success(request, gettext("Your pages and letters use this now."), extra_tags="ok")
    return redirect("preferences")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@staff_only
@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def password(request: HttpRequest) -> HttpResponse:
    agent = _agent(request)
    form = NewPassword(request.POST or None, agent=agent)
    if not form.is_valid():
        return render(
            request,
            "accounts/password.html",
            {"form": form, "agent": agent},
            status=422 if form.is_bound else 200,
        )
    choose_password(agent=agent, password=form.cleaned_data["password"])
    before = request.session.session_key
    update_session_auth_hash(request, agent)
    end_agent_sessions(agent=agent, by=agent.actor, keep=before)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    return redirect("mfa_index")
