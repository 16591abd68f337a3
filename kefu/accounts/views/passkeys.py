"""Passkeys: set up, named, removed; a second step, and by themselves a whole sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.actions import LastFactor, TooManyPasskeys, add_passkey, remove_passkey, rename_passkey
from kefu.accounts.passkeys import NewPasskey, PasskeyAgain, PasskeyAlone, PasskeyName
from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import factors_of, is_enrolled, passkeys_of
from kefu.accounts.staff import staff_only
from kefu.accounts.views.second_factor import turn_away


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def passkey_add(request: HttpRequest) -> HttpResponseBase:
    return turn_away(request) or _add(request)


@require_POST
@never_cache
def passkey_begin(request: HttpRequest) -> HttpResponseBase:
    """What the device needs to make a passkey."""
    return turn_away(request) or _begin(request)


@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def _begin(request: HttpRequest) -> HttpResponse:
    return JsonResponse(auth.begin_registration(_agent(request), passwordless=True))


@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def _add(request: HttpRequest) -> HttpResponse:
    form = NewPasskey(
        request.POST if request.method == "POST" else None, user=_agent(request), request=request
    )
    is_first = not is_enrolled(_agent(request))
    if not form.is_valid() or not _keep(request, form):
        values = {"form": form, "is_first": is_first}
        return render(request, "accounts/passkey_add.html", values, status=422 if form.is_bound else 200)
    return redirect("mfa_view_recovery_codes" if is_first else "mfa_index")


def _keep(request: HttpRequest, form: NewPasskey) -> bool:
    agent, said = _agent(request), form.cleaned_data
    try:
        passkey = add_passkey(
            agent=agent,
            name=said["name"],
            credential=said["credential"],
            session_key=request.session.session_key,
        )
    except TooManyPasskeys:
        form.add_error(None, _("You have as many passkeys as fit here. Remove one that you use no more."))
        return False
    record_authentication(request, agent, "mfa", type=passkey.type, id=passkey.pk)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def passkey_name(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(passkeys_of(_agent(request)), pk=pk)
    form = PasskeyName(
        request.POST if request.method == "POST" else None, initial={"name": passkey.wrap().name}
    )
    if not form.is_valid():
        values = {"form": form, "passkey": passkey.wrap()}
        return render(request, "accounts/passkey_name.html", values, status=422 if form.is_bound else 200)
    rename_passkey(agent=_agent(request), passkey_id=passkey.pk, name=form.cleaned_data["name"])
    return redirect("mfa_index")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def passkey_remove(request: HttpRequest, pk: int) -> HttpResponse:
    agent = _agent(request)
    passkey = get_object_or_404(passkeys_of(agent), pk=pk)
    values = {"passkey": passkey.wrap(), "is_last": not factors_of(agent).exclude(pk=pk).exists()}
    if request.method != "POST":
        return render(request, "accounts/passkey_remove.html", values)
    try:
        remove_passkey(agent=agent, passkey_id=passkey.pk, session_key=request.session.session_key)
    except LastFactor:
        return render(request, "accounts/passkey_remove.html", values | {"is_last": True}, status=409)
    return redirect("mfa_index")


@require_POST
@never_cache
def challenge_alone(request: HttpRequest) -> HttpResponse:
    """For whoever the device says they are."""
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return too_many or JsonResponse(auth.begin_authentication())


@require_POST
@never_cache
def sign_in_alone(request: HttpRequest) -> HttpResponse:
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if too_many:
        return too_many
    form = PasskeyAlone(request.POST, request=request)
    if not form.is_valid():
        return redirect(_with_problem("account_login", request))
    passkey: Authenticator = form.cleaned_data["credential"]
    # Whoever was signed in here goes first, so that nothing that they proved counts for the next.
    get_adapter(request).logout(request)
    request.session.set_expiry(0)
    login = Login(user=passkey.user, redirect_url=get_next_redirect_url(request))
    response: HttpResponse = flows.perform_passwordless_login(request, passkey, login)
    return response


@require_POST
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator] # the library has no types
def challenge_at_sign_in(request: HttpRequest) -> HttpResponse:
    """For whoever has typed the right password just now."""
    stage: AuthenticateStage = request._login_stage  # type: ignore[attr-defined] # the decorator puts it there
    return JsonResponse(auth.begin_authentication(stage.login.user))


@require_POST
@never_cache
def challenge_again(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in, as far as they are."""
    if not isinstance(request.user, Agent):
        return redirect("account_login")
    return JsonResponse(auth.begin_authentication(request.user))


class PasskeyOnceMore(ReauthenticateWebAuthnView):  # type: ignore[misc] # the library has no types
    """Prove it again by a passkey; the page that asks for it is the one that asks for a code."""

    http_method_names = ["post"]
    form_class = PasskeyAgain

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"request": self.request}

    def form_invalid(self, form: PasskeyAgain) -> HttpResponse:  # noqa: ARG002 - the library's signature
        return HttpResponseRedirect(_with_problem("mfa_reauthenticate", self.request))


def _with_problem(page: str, request: HttpRequest) -> str:
    """The page once more, which says that the passkey was not accepted; where one wanted to go is kept."""
    wish = {"passkey": "refused"}
    after = get_next_redirect_url(request)
    if after:
        wish[REDIRECT_FIELD_NAME] = after
    return f"{reverse(page)}?{urlencode(wish)}"


def _agent(request: HttpRequest) -> Agent:
    agent = request.user
    assert isinstance(agent, Agent)  # noqa: S101 - who is none was turned away
    return agent
