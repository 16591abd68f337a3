"""How the sign-in library is bent to this house: staff only, no open doors, our own words."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import qrcode  # type: ignore[import-untyped]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from kefu.accounts.events import Step
from kefu.accounts.people.agents import Agent
from kefu.accounts.sealed_secrets import seal, unseal
from kefu.accounts.second_factor import is_fresh, steps_of
from kefu.accounts.verbs.sign_ins import end_agent_session, note_failed_sign_in, note_sign_in
from kefu.safety.addresses import NotAnAddress, mail_address

WRONG = _("The address or the password is wrong. After five wrong tries, signing in pauses for 15 minutes.")
TOO_MANY = _("Too many wrong tries. Wait 15 minutes, then try again.")


def _as_kept(typed: str) -> str:
    """The address as it would be stored; some browsers send its domain as it was typed."""
    try:
        return mail_address(typed)
    except NotAnAddress:
        return typed.strip().lower()


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "incorrect_password": _("The password is wrong."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this house; the library would also take other hosts that we answer to."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The server puts the client's own address here, trusted proxies taken off; a Unix socket none."""
        return request.META.get("REMOTE_ADDR") or "127.0.0.1"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Agent | None:
        """Who has left gets the same answer as who never was."""
        credentials |= {"email": _as_kept(str(credentials.get("email", "")))}
        agent = super().authenticate(request, **credentials)
        if isinstance(agent, Agent) and agent.is_active:
            return agent
        if agent is not None:
            self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        agent = Agent.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        note_failed_sign_in(agent=agent, step=Step.PASSWORD)

    def forget_failed_sign_ins(self, request: HttpRequest, agent: Agent) -> None:
        """Whoever has chosen a new password need not wait because they had forgotten the old one."""
        self._delete_login_attempts_cached_email(request, email=agent.email)

    def post_login(self, request: HttpRequest, user: Agent, **rest: Any) -> HttpResponse:
        note_sign_in(agent=user, steps=steps_of(request, user))
        response: HttpResponse = super().post_login(request, user, **rest)
        return response

    def logout(self, request: HttpRequest) -> None:
        """With an entry, so that sockets which came by this session close too."""
        agent = request.user
        if isinstance(agent, Agent):
            end_agent_session(agent=agent, session_key=request.session.session_key or "", by=agent.actor)
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:  # noqa: ARG002
        return not is_fresh(context.request, context.request.user)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves that one: a password alone never changes how somebody signs in."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"].startswith("mfa_reauthenticate")] or methods

    def add_message(self, *_args: Any, **_named: Any) -> None:
        """Our pages say themselves what has happened."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        # The library adds the host as it was asked for, so that another port would be five new tries.
        return str(credentials.get("email", "")).strip().lower()


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc] # the library has no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or was used already. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        brand = getattr(context.request, "brand", None)
        return brand.name if brand else "Kefu"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host where it was made; the browser shows the name beside it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: Agent) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name}

    def build_totp_svg(self, url: str) -> str:
        """Dark on white whatever the page's colours: cameras don't read it the other way round."""
        buffer = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode()
