"""What a browser sends of a passkey, looked at before the sign-in library reads it.

Each passkey of ours is kept by its device together with whose it is, and the device asks for its owner's finger, face or
PIN at each use (MFA_WEBAUTHN_USER_VERIFICATION). So it is two factors in one, and may stand for a password too.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode
from fido2.webauthn import CollectedClientData

from kefu.accounts.devices import device_of
from kefu.accounts.events import Step
from kefu.accounts.people.agents import Agent
from kefu.accounts.verbs.sign_ins import note_failed_sign_in
from kefu.ui.zero_characters import is_in_json

LONGEST_NAME = 60
# Longer than any answer of a device, certificates included.
LONGEST_CREDENTIAL = 32 * 1024
# What the library and its decoders raise for bytes that no device ever made.
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError, NotImplementedError)


class CredentialField(forms.JSONField):
    """A device's answer as our script writes it. Raises ValidationError for anything else, and from other hosts."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > LONGEST_CREDENTIAL or is_in_json(value)):
            raise get_adapter().validation_error("incorrect_code")
        try:
            # Stricter than Django's own reader: PostgreSQL has no place for half a character either.
            return msgspec.json.decode(value) if value else super().to_python(value)
        except (msgspec.DecodeError, RecursionError):
            raise get_adapter().validation_error("incorrect_code") from None


class NewPasskey(AddWebAuthnForm):  # type: ignore[misc] # the library has no types
    """A passkey with the name by which its owner tells it from others."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False)
    credential = CredentialField()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        suggested = device_of(request.headers.get("User-Agent", "")) or str(_("Passkey"))
        super().__init__(*args, initial={"name": suggested}, **kwargs)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split()) or str(self.initial["name"])

    def clean(self) -> dict[str, Any]:
        try:
            if "credential" in self.cleaned_data:
                _require_own_host(self.cleaned_data["credential"], self.request)
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED as problem:
            raise get_adapter().validation_error("incorrect_code") from problem
        return cleaned


class PasskeyProof(AuthenticateWebAuthnForm):  # type: ignore[misc] # the library has no types
    """By one of this agent's passkeys; without an agent, by a passkey of anybody who still works here."""

    credential = CredentialField()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_credential(self) -> Authenticator:
        try:
            _require_own_host(self.cleaned_data["credential"], self.request)
            passkey: Authenticator = super().clean_credential()
            _require_still_here(passkey.user)
        except (*MALFORMED, ValidationError) as problem:
            note_failed_sign_in(agent=self.user, step=Step.SECOND_FACTOR)
            if isinstance(problem, ValidationError):
                raise
            raise get_adapter().validation_error("incorrect_code") from problem
        return passkey


class PasskeyAlone(PasskeyProof):
    """In place of password and second step."""

    passwordless = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)


class PasskeyAgain(PasskeyProof):
    reauthenticated = True


class PasskeyName(forms.Form):
    name = forms.CharField(max_length=LONGEST_NAME)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


def _require_own_host(credential: dict[str, Any], request: HttpRequest) -> None:
    """The library also takes what was made on a page of a subdomain, which may be somebody else's."""
    client = CollectedClientData(websafe_decode(credential["response"]["clientDataJSON"]))
    if client.cross_origin or urlsplit(client.origin).hostname != request.get_host().partition(":")[0]:
        raise get_adapter().validation_error("incorrect_code")


def _require_still_here(agent: Agent) -> None:
    if not agent.is_active:
        raise get_adapter().validation_error("incorrect_code")
