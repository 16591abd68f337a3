"""Which letters follow for staff: an invitation, a forgotten password, a password that was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kefu.accounts.announcing import can_announce
from kefu.accounts.models import Agent, Invitation, PasswordReset
from kefu.brands.models import Brand
from kefu.journal.models import Entry
from kefu.mailroom.actions import post_letter
from kefu.mailroom.models import LetterKind


def follow(entry: Entry) -> None:
    """What the journal says may be worth a letter; twice is harmless."""
    _LETTERS[entry.kind](entry)


def _invite(entry: Entry) -> None:
    """Without a way out the admin has the link, and a letter that left days later would be no news."""
    invitations = Invitation.objects.open().select_related("brand")
    invitation = invitations.filter(pk=entry.subject_id or 0).first()
    if invitation is None or not can_announce(invitation.brand):
        return
    post_letter(
        brand=invitation.brand,
        kind=LetterKind.INVITATION,
        key=str(entry.pk),
        language=invitation.language,
        recipient=invitation.email,
        subject_id=invitation.pk,
    )


def _send_reset(entry: Entry) -> None:
    resets = PasswordReset.objects.of_agents().living().select_related("agent")
    reset = resets.filter(pk=entry.subject_id or 0).first()
    brand = Brand.objects.filter(pk=entry.brand_id or 0).first()
    if reset is not None and reset.agent is not None and brand is not None:
        _post(entry, brand, LetterKind.PASSWORD_RESET, reset.agent, subject_id=reset.pk)


def _tell_of_change(entry: Entry) -> None:
    agent = Agent.objects.active().filter(pk=entry.subject_id or 0).first()
    brand = _brand_of(agent) if agent else None
    if agent is not None and brand is not None and can_announce(brand):
        _post(entry, brand, LetterKind.PASSWORD_CHANGED, agent, subject_id=agent.pk)


def _post(entry: Entry, brand: Brand, kind: LetterKind, agent: Agent, *, subject_id: int) -> None:
    post_letter(
        brand=brand,
        kind=kind,
        key=str(entry.pk),
        language=agent.language,
        recipient=agent.email,
        subject_id=subject_id,
    )


def _brand_of(agent: Agent) -> Brand | None:
    """Where they answer; the first of the house for who is in no team."""
    team = agent.teams.select_related("brand").first()
    return team.brand if team else Brand.objects.first()


_LETTERS: Mapping[str, Callable[[Entry], None]] = {
    "agent.invited": _invite,
    "agent.invitation_sent_again": _invite,
    "agent.password_reset_asked_for": _send_reset,
    "agent.password_chosen": _tell_of_change,
    "agent.password_replaced": _tell_of_change,
}
FOLLOWED = tuple(_LETTERS)
