"""What happened to people: who came, who signed in, who changed what they may do."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class CustomerMet(Event):
    """A visitor got a cookie; subject: the customer."""

    kind: ClassVar[str] = "customer.met"


@dataclass(frozen=True, kw_only=True)
class CustomerSessionOpened(Event):
    """Subject: the session. `only_conversation_id` is set behind a private link."""

    kind: ClassVar[str] = "customer.session_opened"
    customer_id: int
    only_conversation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CustomerSessionHandedOver(Event):
    """Subject: the session, which goes on in another window of the same person."""

    kind: ClassVar[str] = "customer.session_handed_over"
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerSessionsEnded(Event):
    """These sessions open nothing any more; sockets that came by them close."""

    kind: ClassVar[str] = "customer.sessions_ended"
    customer_ids: tuple[int, ...]
    session_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityClaimed(Event):
    """Subject: the identity. Typed by the customer and believed no further."""

    kind: ClassVar[str] = "customer.identity_claimed"
    customer_id: int
    identity_kind: IdentityKind
    level: Level


@dataclass(frozen=True, kw_only=True)
class CodeAskedFor(Event):
    """Subject: the one-time code. A letter that carries it follows."""

    kind: ClassVar[str] = "customer.code_asked_for"
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class AddressProven(Event):
    """Subject: the identity, proven by a code that was sent there."""

    kind: ClassVar[str] = "customer.address_proven"
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerVouched(Event):
    """Subject: the identity that the trading platform vouched for just now."""

    kind: ClassVar[str] = "customer.vouched"
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerMerged(Event):
    """Subject: the customer who is now `into_id`. Their sockets close and come again as that one."""

    kind: ClassVar[str] = "customer.merged"
    customer_ids: tuple[int, ...]
    into_id: int


@dataclass(frozen=True, kw_only=True)
class PhraseChosen(Event):
    """Subject: the customer. The phrase itself is theirs and ours alone."""

    kind: ClassVar[str] = "customer.phrase_chosen"


@dataclass(frozen=True, kw_only=True)
class AgentAdded(Event):
    kind: ClassVar[str] = "agent.added"
    role: Role
    team_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AgentInvited(Event):
    """Subject: the invitation, here and below. A letter that carries its link follows."""

    kind: ClassVar[str] = "agent.invited"
    role: Role
    team_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class InvitationSentAgain(Event):
    """The links of earlier letters open nothing any more."""

    kind: ClassVar[str] = "agent.invitation_sent_again"


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    kind: ClassVar[str] = "agent.invitation_withdrawn"


@dataclass(frozen=True, kw_only=True)
class InvitationLinkShown(Event):
    """No letter leaves this house, so who invited has the link and gives it to whom it is for."""

    kind: ClassVar[str] = "agent.invitation_link_shown"


@dataclass(frozen=True, kw_only=True)
class AgentJoined(Event):
    """Subject: the agent, who came by an invitation and chose a password."""

    kind: ClassVar[str] = "agent.joined"
    invitation_id: int
    role: Role
    team_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AgentChanged(Event):
    """Subject: the agent, with this role and these teams from now on. What they do for the help centre, the revision says."""

    kind: ClassVar[str] = "agent.changed"
    role: Role
    team_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TeamAdded(Event):
    """Subject: the team, here and below; the revision holds what was before and after."""

    kind: ClassVar[str] = "team.added"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    kind: ClassVar[str] = "team.changed"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class AgentLeft(Event):
    kind: ClassVar[str] = "agent.left"


@dataclass(frozen=True, kw_only=True)
class AvailabilityChosen(Event):
    kind: ClassVar[str] = "agent.availability_chosen"
    availability: Availability


@dataclass(frozen=True, kw_only=True)
class PreferencesChosen(Event):
    """The language and the zone of their own pages."""

    kind: ClassVar[str] = "agent.preferences_chosen"


@dataclass(frozen=True, kw_only=True)
class SignInLinkMade(Event):
    """Subject: the agent whom the link lets in."""

    kind: ClassVar[str] = "agent.sign_in_link_made"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(Event):
    kind: ClassVar[str] = "agent.sign_in_link_used"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class AgentSignedIn(Event):
    kind: ClassVar[str] = "agent.signed_in"
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class SignInFailed(Event):
    """Subject: the agent whose door was tried, or nobody when the address is unknown."""

    kind: ClassVar[str] = "agent.sign_in_failed"
    step: Step


@dataclass(frozen=True, kw_only=True)
class CustomerExported(Event):
    """Subject: the customer of whom somebody took out all that we keep."""

    kind: ClassVar[str] = "customer.exported"


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Event):
    """Subject: the customer, now nobody; `customer_ids` are all that they had been."""

    kind: ClassVar[str] = "customer.erased"
    customer_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AgentSessionsEnded(Event):
    """Subject: the agent. Sockets that came by an ended session close."""

    kind: ClassVar[str] = "agent.sessions_ended"
    sessions: int


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    kind: ClassVar[str] = "agent.password_chosen"


@dataclass(frozen=True, kw_only=True)
class PasswordResetAskedFor(Event):
    """Subject: the reset, which has an agent if the address was one's. A letter follows then."""

    kind: ClassVar[str] = "agent.password_reset_asked_for"


@dataclass(frozen=True, kw_only=True)
class PasswordReplaced(Event):
    """By the link of a letter, without the old one."""

    kind: ClassVar[str] = "agent.password_replaced"


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(Event):
    kind: ClassVar[str] = "agent.second_factor_added"


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Event):
    kind: ClassVar[str] = "agent.second_factor_removed"


@dataclass(frozen=True, kw_only=True)
class PasskeyAdded(Event):
    """Subject: the agent, here and below."""

    kind: ClassVar[str] = "agent.passkey_added"
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyRenamed(Event):
    kind: ClassVar[str] = "agent.passkey_renamed"
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyRemoved(Event):
    kind: ClassVar[str] = "agent.passkey_removed"
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(Event):
    kind: ClassVar[str] = "agent.recovery_codes_made"


@dataclass(frozen=True, kw_only=True)
class AgentTokenAdded(Event):
    """Subject: the agent, in whose name programs come from now on."""

    kind: ClassVar[str] = "agent.token_added"
    token_id: int
    scopes: tuple[TokenScope, ...]


@dataclass(frozen=True, kw_only=True)
class AgentTokenRevoked(Event):
    kind: ClassVar[str] = "agent.token_revoked"
    token_id: int
