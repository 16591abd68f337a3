"""Codes that work once, and the password that an agent chooses."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.accounts.events import Step
from kefu.accounts.people.agents import Agent
from kefu.accounts.sealed_secrets import seal, unseal
from kefu.accounts.verbs.sign_ins import note_failed_sign_in
from kefu.safety.addresses import LONGEST_ADDRESS, NotAnAddress, mail_address
from kefu.safety.keyring import Unreadable
from kefu.ui.zones import zone_called

# Django's own sentences lag behind in some languages.
WEAK = {
    "password_too_short": _("That is too short. Take at least 12 characters."),
    "password_too_common": _("Many people use this password, so it is tried first. Take another one."),
    "password_too_similar": _("That resembles your name or address too much. Take another one."),
}


def spend(agent: Agent, code: str) -> bool:
    """Mark a code as used for as long as it would work; False if it was used before."""
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    digits = "".join(character for character in code if character.isdigit())
    return cache.add(f"kefu:spent-code:{agent.pk}:{digits}", 1, timeout=lasts)


class UsedOnce:
    """The library remembers a used code for one period; with a tolerance for clocks it lives longer."""

    user: Agent
    authenticator: Authenticator

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            note_failed_sign_in(agent=self.user, step=Step.SECOND_FACTOR)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeAtSignIn(UsedOnce, AuthenticateForm):  # type: ignore[misc] # the library has no types
    pass


class CodeAgain(UsedOnce, ReauthenticateForm):  # type: ignore[misc] # the library has no types
    pass


class Enrolment(ActivateTOTPForm):  # type: ignore[misc] # the library has no types
    """The new secret stays encrypted in the session until its first code is typed, also over a reload."""

    def __init__(self, *args: Any, user: Agent, request: HttpRequest, **kwargs: Any) -> None:
        self.user = user
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = _pending_secret(request)

    def clean_code(self) -> str:
        code: str = super().clean_code()
        spend(self.user, code)
        return code


def _pending_secret(request: HttpRequest) -> str:
    kept: str | None = request.session.get(SECRET_SESSION_KEY)
    if kept:
        # The ring may have been turned and its old key taken out meanwhile; a new square is no harm.
        with suppress(Unreadable):
            return unseal(kept)
    secret: str = generate_totp_secret()
    request.session[SECRET_SESSION_KEY] = seal(secret)
    return secret


class NewPassword(forms.Form):
    password = forms.CharField(strip=False, max_length=256, widget=forms.PasswordInput)
    again = forms.CharField(strip=False, max_length=256, widget=forms.PasswordInput)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        self.agent = agent
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            password_validation.validate_password(password, self.agent)
        except ValidationError as weak:
            raise ValidationError([WEAK[one.code or ""] for one in weak.error_list]) from None
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and self.cleaned_data["password"] != again:
            raise ValidationError(_("The two passwords differ. Type the same one twice."))
        return again


class Joining(NewPassword):
    """What an invited person says of themselves before they come in."""

    name = forms.CharField(max_length=80)
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class Preferences(forms.Form):
    """How the desk speaks to its own agent."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    zone = forms.CharField(max_length=64)

    def clean_zone(self) -> str:
        zone = zone_called(self.cleaned_data["zone"])
        if zone is None:
            raise ValidationError(_("Choose a zone from the list."))
        return zone.key


class Forgotten(forms.Form):
    email = forms.CharField(max_length=LONGEST_ADDRESS, widget=forms.EmailInput)

    def clean_email(self) -> str:
        try:
            return mail_address(self.cleaned_data["email"])
        except NotAnAddress:
            raise ValidationError(_("That is not a complete e-mail address.")) from None
