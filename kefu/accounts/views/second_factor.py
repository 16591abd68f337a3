"""Enrolling and changing the second factor, on the library's views."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from kefu.accounts.actions import note_recovery_codes, note_second_factor, remove_second_factor
from kefu.accounts.forms import CodeAgain, CodeAtSignIn, Enrolment
from kefu.accounts.passkeys import PasskeyProof
from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import (
    factors_of,
    forget_second_factor,
    has_finished,
    is_enrolled,
    is_fresh,
    passkeys_of,
)
from kefu.accounts.staff import speak_to


def factors_shown(agent: Agent) -> dict[str, Any]:
    """What a page that asks for the second step offers to this agent."""
    passkeys = passkeys_of(agent).count()
    return {"has_passkey": passkeys > 0, "has_app": factors_of(agent).count() > passkeys}


class Code(AuthenticateView):  # type: ignore[misc] # the library has no types
    """The second step of signing in, by a code or by a passkey."""

    form_class = CodeAtSignIn
    webauthn_form: Any

    def get_webauthn_form_class(self) -> Any:
        return partial(PasskeyProof, request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The library would begin with a challenge for each look at the page; ours begins when the button is pressed.
        form, self.webauthn_form = self.webauthn_form, None
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | factors_shown(self.stage.login.user) | {"passkey_form": form}


class CodeOnceMore(ReauthenticateView):  # type: ignore[misc] # the library has no types
    """Prove it again: before something that matters, or in a session that is older than the factor."""

    form_class = CodeAgain

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | factors_shown(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Agent):
            speak_to(request.user, request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class Enrol(ActivateTOTPView):  # type: ignore[misc] # the library has no types
    """The only page that an agent without a second factor reaches, and only just after signing in."""

    form_class = Enrolment

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        turned_away = turn_away(request)
        response: HttpResponseBase = turned_away or super().dispatch(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"request": self.request}

    def form_valid(self, form: Enrolment) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, form.user, "mfa", type="totp")
        note_second_factor(agent=form.user, session_key=self.request.session.session_key)
        return response


def turn_away(request: HttpRequest) -> HttpResponseBase | None:
    """Who may not set up a factor now, and where they go; a password alone never adds one to others that there are."""
    agent = request.user
    if not isinstance(agent, Agent):
        return redirect_to_login(request.get_full_path())
    if is_enrolled(agent) and not has_finished(request, agent):
        return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
    # Whoever has a factor is asked for it. Who has neither that nor a password can prove nothing but by coming anew.
    if not (is_enrolled(agent) or is_fresh(request, agent) or agent.has_usable_password()):
        get_adapter(request).logout(request)
        return redirect_to_login(reverse("mfa_activate_totp"))
    speak_to(agent, request)
    return None


class MovePhone(DeactivateTOTPView):  # type: ignore[misc] # the library has no types
    """Take the factor away; until there is a new one, this session reaches enrolment only."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | factors_shown(self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ARG002 - the library's signature
        agent = self.request.user
        assert isinstance(agent, Agent)  # noqa: S101 - the view is for staff only
        remove_second_factor(agent=agent, session_key=self.request.session.session_key)
        if not is_enrolled(agent):
            forget_second_factor(self.request)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc] # the library has no types
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_recovery_codes(agent=self.request.user)
        return response
