"""What happened to people: who came, who signed in, who changed what they may do."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from kefu.accounts.people.agent_tokens import TokenScope
from kefu.accounts.people.agents import Availability, Role
from kefu.accounts.people.customers import IdentityKind, Level
from kefu.journal.events import Event


class Step(StrEnum):
    """What a person proves when signing in."""

    PASSWORD = "password"  # noqa: S105 - the name of a step, not a password
    LINK = "link"
    SECOND_FACTOR = "second_factor"


class CustomerMet(Event, frozen=True, kw_only=True):
    """A visitor got a cookie; subject: the customer."""

    kind: ClassVar[str] = "customer.met"


class CustomerSessionOpened(Event, frozen=True, kw_only=True):
    """Subject: the session. `only_conversation_id` is set behind a private link."""

    kind: ClassVar[str] = "customer.session_opened"
    customer_id: int
    only_conversation_id: int | None = None


class CustomerSessionHandedOver(Event, frozen=True, kw_only=True):
    """Subject: the session, which goes on in another window of the same person."""

    kind: ClassVar[str] = "customer.session_handed_over"
    customer_id: int


class CustomerSessionsEnded(Event, frozen=True, kw_only=True):
    """These sessions open nothing any more; sockets that came by them close."""

    kind: ClassVar[str] = "customer.sessions_ended"
    customer_ids: tuple[int, ...]
    session_ids: tuple[int, ...]


class IdentityClaimed(Event, frozen=True, kw_only=True):
    """Subject: the identity. Typed by the customer and believed no further."""

    kind: ClassVar[str] = "customer.identity_claimed"
    customer_id: int
    identity_kind: IdentityKind
    level: Level


class CodeAskedFor(Event, frozen=True, kw_only=True):
    """Subject: the one-time code. A letter that carries it follows."""

    kind: ClassVar[str] = "customer.code_asked_for"
    customer_id: int


class AddressProven(Event, frozen=True, kw_only=True):
    """Subject: the identity, proven by a code that was sent there."""

    kind: ClassVar[str] = "customer.address_proven"
    customer_id: int


class CustomerVouched(Event, frozen=True, kw_only=True):
    """Subject: the identity that the trading platform vouched for just now."""

    kind: ClassVar[str] = "customer.vouched"
    customer_id: int


class CustomerMerged(Event, frozen=True, kw_only=True):
    """Subject: the customer who is now `into_id`. Their sockets close and come again as that one."""

    kind: ClassVar[str] = "customer.merged"
    customer_ids: tuple[int, ...]
    into_id: int


class PhraseChosen(Event, frozen=True, kw_only=True):
    """Subject: the customer. The phrase itself is theirs and ours alone."""

    kind: ClassVar[str] = "customer.phrase_chosen"


class AgentAdded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.added"
    role: Role
    team_ids: tuple[int, ...]


class AgentInvited(Event, frozen=True, kw_only=True):
    """Subject: the invitation, here and below. A letter that carries its link follows."""

    kind: ClassVar[str] = "agent.invited"
    role: Role
    team_ids: tuple[int, ...]


class InvitationSentAgain(Event, frozen=True, kw_only=True):
    """The links of earlier letters open nothing any more."""

    kind: ClassVar[str] = "agent.invitation_sent_again"


class InvitationWithdrawn(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.invitation_withdrawn"


class InvitationLinkShown(Event, frozen=True, kw_only=True):
    """No letter leaves this house, so who invited has the link and gives it to whom it is for."""

    kind: ClassVar[str] = "agent.invitation_link_shown"


class AgentJoined(Event, frozen=True, kw_only=True):
    """Subject: the agent, who came by an invitation and chose a password."""

    kind: ClassVar[str] = "agent.joined"
    invitation_id: int
    role: Role
    team_ids: tuple[int, ...]


class AgentChanged(Event, frozen=True, kw_only=True):
    """Subject: the agent, with this role and these teams from now on. What they do for the help centre, the revision says."""

    kind: ClassVar[str] = "agent.changed"
    role: Role
    team_ids: tuple[int, ...]


class TeamAdded(Event, frozen=True, kw_only=True):
    """Subject: the team, here and below; the revision holds what was before and after."""

    kind: ClassVar[str] = "team.added"
    revision_id: int


class TeamChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "team.changed"
    revision_id: int


class AgentLeft(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.left"


class AvailabilityChosen(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.availability_chosen"
    availability: Availability


class PreferencesChosen(Event, frozen=True, kw_only=True):
    """The language and the zone of their own pages."""

    kind: ClassVar[str] = "agent.preferences_chosen"


class SignInLinkMade(Event, frozen=True, kw_only=True):
    """Subject: the agent whom the link lets in."""

    kind: ClassVar[str] = "agent.sign_in_link_made"
    link_id: int


class SignInLinkUsed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.sign_in_link_used"
    link_id: int


class AgentSignedIn(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.signed_in"
    steps: tuple[Step, ...]


class SignInFailed(Event, frozen=True, kw_only=True):
    """Subject: the agent whose door was tried, or nobody when the address is unknown."""

    kind: ClassVar[str] = "agent.sign_in_failed"
    step: Step


class CustomerExported(Event, frozen=True, kw_only=True):
    """Subject: the customer of whom somebody took out all that we keep."""

    kind: ClassVar[str] = "customer.exported"


class CustomerErased(Event, frozen=True, kw_only=True):
    """Subject: the customer, now nobody; `customer_ids` are all that they had been."""

    kind: ClassVar[str] = "customer.erased"
    customer_ids: tuple[int, ...]


class AgentSessionsEnded(Event, frozen=True, kw_only=True):
    """Subject: the agent. Sockets that came by an ended session close."""

    kind: ClassVar[str] = "agent.sessions_ended"
    sessions: int


class PasswordChosen(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.password_chosen"


class PasswordResetAskedFor(Event, frozen=True, kw_only=True):
    """Subject: the reset, which has an agent if the address was one's. A letter follows then."""

    kind: ClassVar[str] = "agent.password_reset_asked_for"


class PasswordReplaced(Event, frozen=True, kw_only=True):
    """By the link of a letter, without the old one."""

    kind: ClassVar[str] = "agent.password_replaced"


class SecondFactorAdded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.second_factor_added"


class SecondFactorRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.second_factor_removed"


class PasskeyAdded(Event, frozen=True, kw_only=True):
    """Subject: the agent, here and below."""

    kind: ClassVar[str] = "agent.passkey_added"
    passkey_id: int


class PasskeyRenamed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.passkey_renamed"
    passkey_id: int


class PasskeyRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.passkey_removed"
    passkey_id: int


class RecoveryCodesMade(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.recovery_codes_made"


class AgentTokenAdded(Event, frozen=True, kw_only=True):
    """Subject: the agent, in whose name programs come from now on."""

    kind: ClassVar[str] = "agent.token_added"
    token_id: int
    scopes: tuple[TokenScope, ...]


class AgentTokenRevoked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.token_revoked"
    token_id: int
