"""Inviting somebody, sending an invitation again, taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.actions import (
    AddressTaken,
    AlreadyInvited,
    InvitationRefused,
    LettersLeave,
    invite,
    send_invitation_again,
    show_invitation_link,
    withdraw_invitation,
)
from kefu.accounts.announcing import can_announce
from kefu.accounts.models import Invitation, Role, Team
from kefu.accounts.settings.doors import agent_of_page, proven_again, settings_page
from kefu.accounts.settings.history import page_number
from kefu.accounts.settings.member_changes import roles_in_words
from kefu.brands.models import Brand
from kefu.safety.addresses import NotAnAddress
from kefu.safety.limits import TooMany

LONGEST_NAME = 80


@dataclass(frozen=True)
class TypedInvitation:
    email: str = ""
    name: str = ""
    role: str = Role.AGENT
    team_ids: frozenset[int] = frozenset()
    brand_id: int = 0
    language: str = settings.LANGUAGE_CODE
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> TypedInvitation:
        typed = cls(
            email=data.get("email", "").strip()[:254],
            name=" ".join(data.get("name", "").split()),
            role=data.get("role", ""),
            team_ids=frozenset(one for raw in data.getlist("teams") if (one := page_number(raw))),
            brand_id=page_number(data.get("brand")) or 0,
            language=data.get("language", ""),
        )
        typed.problems.update(_problems(typed))
        return typed


def _problems(typed: TypedInvitation) -> dict[str, str]:
    found = {}
    if not typed.name or len(typed.name) > LONGEST_NAME:
        found["name"] = pgettext("a person", "Write a name of at most %(longest)s characters.") % {
            "longest": LONGEST_NAME
        }
    if typed.role not in Role.values:
        found["role"] = gettext("Choose a role.")
    if typed.language not in dict(settings.LANGUAGES):
        found["language"] = gettext("Choose a language.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("members")
@proven_again
def new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        here = getattr(request, "brand", None)
        return _form(request, TypedInvitation(brand_id=here.pk if here else 0))
    typed = TypedInvitation.read(request.POST)
    if not typed.problems:
        _invite(request, typed)
    if typed.problems:
        return _form(request, typed, status=422)
    messages.success(
        request, gettext("The invitation is on its way. It holds for 72 hours."), extra_tags="ok"
    )
    return redirect("settings:members")


def _invite(request: HttpRequest, typed: TypedInvitation) -> None:
    """Adds to the typed problems what speaks against it."""
    teams = list(Team.objects.filter(pk__in=typed.team_ids))
    first = Brand.objects.filter(pk=typed.brand_id).first() or Brand.objects.order_by("pk").first()
    others = Brand.objects.filter(pk__in={team.brand_id for team in teams}).order_by("pk")
    brands = ([first] if first else []) + [brand for brand in others if brand != first]
    try:
        invite(
            by=agent_of_page(request),
            email=typed.email,
            name=typed.name,
            role=Role(typed.role),
            teams=teams,
            brands=brands,
            language=typed.language,
        )
    except NotAnAddress:
        typed.problems["email"] = gettext("This e-mail address is not complete.")
    except AddressTaken:
        typed.problems["email"] = gettext("Somebody with this address is here already.")
    except AlreadyInvited:
        typed.problems["email"] = gettext(
            "This address is invited already. Send that invitation again instead."
        )
    except TooMany:
        typed.problems["email"] = gettext("That is as many invitations as one person may send in a day.")


@require_POST
@settings_page("members")
@proven_again
def again(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        send_invitation_again(by=agent_of_page(request), invitation=_invitation(request, pk))
    except InvitationRefused:
        messages.error(
            request, gettext("This invitation was accepted or taken back already."), extra_tags="bad"
        )
    except TooMany:
        messages.error(request, gettext("It was sent too often today. Try again tomorrow."), extra_tags="bad")
    else:
        messages.success(
            request, gettext("A new letter is on its way; links of earlier ones have ended."), extra_tags="ok"
        )
    return redirect("settings:members")


@require_POST
@settings_page("members")
@proven_again
def withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        withdraw_invitation(by=agent_of_page(request), invitation=_invitation(request, pk))
    except InvitationRefused:
        messages.error(
            request, gettext("This invitation was accepted or taken back already."), extra_tags="bad"
        )
    else:
        messages.success(
            request, gettext("The invitation is taken back. Its link opens nothing."), extra_tags="ok"
        )
    return redirect("settings:members")


@require_POST
@settings_page("members")
@proven_again
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Where no letter leaves the house, the link is shown once, to be handed over by hand."""
    invitation = _invitation(request, pk)
    try:
        path = show_invitation_link(by=agent_of_page(request), invitation=invitation)
    except (LettersLeave, InvitationRefused):
        messages.error(
            request, gettext("This link can't be shown: it goes by letter, or has ended."), extra_tags="bad"
        )
        return redirect("settings:members")
    values = {"invitation": invitation, "link": request.build_absolute_uri(path)}
    return render(request, "accounts/settings/invitation_link.html", values)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    return get_object_or_404(
        Invitation.objects.visible_to(agent_of_page(request)).select_related("brand"), pk=pk
    )


def _form(request: HttpRequest, typed: TypedInvitation, *, status: int = 200) -> HttpResponse:
    brands = list(Brand.objects.order_by("pk"))
    values = {
        "typed": typed,
        "roles": roles_in_words(),
        "teams": list(Team.objects.select_related("brand").order_by("brand", "pk")),
        "brands": brands,
        "languages": settings.LANGUAGES,
        "letters_leave": any(can_announce(brand) for brand in brands),
    }
    return render(request, "accounts/settings/invite.html", values, status=status)
