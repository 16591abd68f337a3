"""Invitations: an admin keeps a place for somebody, who comes in by the link of a letter."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.announcing import can_announce
from kefu.accounts.events import (
    AgentInvited,
    AgentJoined,
    InvitationLinkShown,
    InvitationSentAgain,
    InvitationWithdrawn,
)
from kefu.accounts.people.agents import AddressTaken, Agent, Role, Team, usual_zone
from kefu.accounts.people.invitations import Invitation, InvitationState, invitation_end
from kefu.accounts.policy import May, allows
from kefu.accounts.verbs.permission import require_manager
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.safety.addresses import mail_address
from kefu.safety.limits import Limit, take
from kefu.safety.tokens import keyed_hash, new_token, token_hash

# Whoever got hold of an admin's session must not write to the whole world in our name.
INVITING = Limit("accounts.inviting", times=50, per=timedelta(days=1))
SENDING_AGAIN = Limit("accounts.inviting_again", times=5, per=timedelta(days=1))


class AlreadyInvited(ValueError):
    """The address has an open invitation, which can be sent again or withdrawn."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__("already invited")
        self.invitation = invitation


class TeamOfOtherBrand(ValueError):
    """A team that belongs to none of the brands for which somebody is invited."""


class LettersLeave(RuntimeError):
    """The link goes by letter to whom it is for, and to nobody else."""


class InvitationRefused(RuntimeError):
    """Nobody comes in by this link. `state` says why to who holds a link that once was good; else it is None."""

    def __init__(self, state: InvitationState | None = None) -> None:
        super().__init__(state or "unknown")
        self.state = state


def invite(
    *,
    by: Agent | Actor,
    email: str,
    name: str,
    role: Role,
    teams: Iterable[Team],
    brands: Iterable[Brand],
    language: str,
) -> Invitation:
    """Keep a place for 72 hours; a letter with a link follows. The first of the brands writes it.

    Only who manages all agents may do it, so nobody gives a role or a team that is not theirs to give. Raises Refused,
    NotAnAddress, AddressTaken, AlreadyInvited, TeamOfOtherBrand, TooMany.
    """
    actor = require_manager(by)
    address, teams, brands = mail_address(email), list(teams), list(brands)
    if not brands or {team.brand_id for team in teams} - {brand.pk for brand in brands}:
        raise TeamOfOtherBrand
    take(INVITING, str(actor))
    return _invite(
        Invitation(
            brand=brands[0],
            email=address,
            email_hash=keyed_hash(address),
            name=" ".join(name.split()),
            role=Role(role),
            language=language,
            invited_by_id=actor.id if isinstance(by, Agent) else None,
        ),
        teams,
        actor,
    )


@transaction.atomic
def _invite(invitation: Invitation, teams: list[Team], actor: Actor) -> Invitation:
    if Agent.objects.filter(email=invitation.email).exists():
        raise AddressTaken
    known = Invitation.objects.unsettled().locked().filter(email_hash=invitation.email_hash).first()
    if known and known.state is InvitationState.OPEN:
        raise AlreadyInvited(known)
    if known:
        _withdraw(known, actor)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        # Two admins at once: the other one's place is kept.
        raise AlreadyInvited(Invitation.objects.unsettled().get(email_hash=invitation.email_hash)) from None
    invitation.teams.set(teams)
    record(
        AgentInvited(
            actor=actor,
            brand_id=invitation.brand_id,
            subject_id=invitation.pk,
            role=Role(invitation.role),
            team_ids=_ids(teams),
        )
    )
    return invitation


def send_invitation_again(*, by: Agent | Actor, invitation: Invitation) -> Invitation:
    """A new letter and 72 hours more; links of earlier letters end. Whoever sends it answers for it from now on.

    Raises Refused, InvitationRefused once it was accepted or withdrawn, TooMany.
    """
    actor = require_manager(by)
    take(SENDING_AGAIN, str(invitation.pk))
    return _send_again(invitation.pk, actor, sender_id=by.pk if isinstance(by, Agent) else None)


@transaction.atomic
def _send_again(invitation_id: int, actor: Actor, *, sender_id: int | None) -> Invitation:
    invitation = _unsettled(invitation_id)
    invitation.hashes = []
    invitation.sent_at, invitation.ends_at, invitation.invited_by_id = now(), invitation_end(), sender_id
    invitation.save(update_fields=["hashes", "sent_at", "ends_at", "invited_by"])
    record(InvitationSentAgain(actor=actor, brand_id=invitation.brand_id, subject_id=invitation.pk))
    return invitation


@transaction.atomic
def withdraw_invitation(*, by: Agent | Actor, invitation: Invitation) -> Invitation:
    """Its links open nothing any more; twice is harmless. Raises Refused; InvitationRefused once it was accepted."""
    actor = require_manager(by)
    invitation = Invitation.objects.locked().get(pk=invitation.pk)
    if invitation.state is InvitationState.ACCEPTED:
        raise InvitationRefused(invitation.state)
    if invitation.state is not InvitationState.WITHDRAWN:
        _withdraw(invitation, actor)
    return invitation


def withdraw_invitations_of(*, agent: Agent, by: Actor) -> None:
    """Whoever leaves the house takes along what they had promised. Raises Refused."""
    actor = require_manager(by)
    for invitation in Invitation.objects.unsettled().locked().filter(invited_by=agent):
        _withdraw(invitation, actor)


@transaction.atomic
def show_invitation_link(*, by: Agent | Actor, invitation: Invitation) -> str:
    """The path of a new link, shown once, where no letter leaves the house.

    Raises Refused, LettersLeave, and InvitationRefused unless it is open.
    """
    actor = require_manager(by)
    if can_announce(invitation.brand):
        raise LettersLeave
    token = mint_invitation(invitation_id=invitation.pk)
    if token is None:
        raise InvitationRefused
    record(InvitationLinkShown(actor=actor, brand_id=invitation.brand_id, subject_id=invitation.pk))
    return reverse("invitation", args=[invitation.pk, token])


@transaction.atomic
def mint_invitation(*, invitation_id: int) -> str | None:
    """The token for a letter that is about to leave; only its hash is kept. None when it would come too late.

    A letter that is sent once more carries another token; both are good.
    """
    invitation = Invitation.objects.open().locked().filter(pk=invitation_id).first()
    if invitation is None:
        return None
    token = new_token()
    invitation.hashes = [*invitation.hashes, token_hash(token)]
    invitation.save(update_fields=["hashes"])
    return token


def opened_invitation(*, invitation_id: int, token: str) -> Invitation:
    """The invitation that this link opens; looking at it changes nothing. Raises InvitationRefused."""
    invitation = Invitation.objects.select_related("brand", "invited_by").filter(pk=invitation_id).first()
    return _opened(invitation, token)


def accept_invitation(*, invitation_id: int, token: str, name: str, password: str, language: str) -> Agent:
    """The new agent, with the role and the teams that were promised; of two at once, one comes in.

    The password was checked before. Raises InvitationRefused, and AddressTaken when they became an agent otherwise.
    """
    opened_invitation(invitation_id=invitation_id, token=token)
    # Slow by purpose, so it is made before anything is locked.
    slow_hash = make_password(password)
    with transaction.atomic():
        invitation = _opened(Invitation.objects.locked().filter(pk=invitation_id).first(), token)
        agent = Agent(
            email=invitation.email,
            name=" ".join(name.split()),
            role=invitation.role,
            language=language,
            password=slow_hash,
        )
        return _join(invitation, agent)


def _join(invitation: Invitation, agent: Agent) -> Agent:
    teams = list(invitation.teams.all())
    agent.zone = usual_zone(teams)
    try:
        with transaction.atomic():
            agent.save()
    except IntegrityError:
        raise AddressTaken from None
    agent.teams.set(teams)
    invitation.agent, invitation.accepted_at = agent, now()
    invitation.save(update_fields=["agent", "accepted_at"])
    record(
        AgentJoined(
            actor=agent.actor,
            brand_id=invitation.brand_id,
            subject_id=agent.pk,
            invitation_id=invitation.pk,
            role=Role(invitation.role),
            team_ids=_ids(teams),
        )
    )
    return agent


def _opened(invitation: Invitation | None, token: str) -> Invitation:
    hashed = token_hash(token)
    if invitation is None or not any(hmac.compare_digest(hashed, kept) for kept in invitation.hashes):
        raise InvitationRefused
    if invitation.state is not InvitationState.OPEN:
        raise InvitationRefused(invitation.state)
    # A promise holds only as long as who made it could make it still.
    if invitation.invited_by and not allows(invitation.invited_by, May.MANAGE_AGENTS):
        raise InvitationRefused(InvitationState.WITHDRAWN)
    return invitation


def _unsettled(invitation_id: int) -> Invitation:
    invitation = Invitation.objects.locked().get(pk=invitation_id)
    if invitation.state in {InvitationState.ACCEPTED, InvitationState.WITHDRAWN}:
        raise InvitationRefused(invitation.state)
    return invitation


def _withdraw(invitation: Invitation, actor: Actor) -> None:
    invitation.withdrawn_at = now()
    invitation.save(update_fields=["withdrawn_at"])
    record(InvitationWithdrawn(actor=actor, brand_id=invitation.brand_id, subject_id=invitation.pk))


def _ids(teams: Iterable[Team]) -> tuple[int, ...]:
    return tuple(sorted(team.pk for team in teams))
