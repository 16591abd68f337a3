"""People: agents, who are Django's users, and customers, who never are."""

from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agent_tokens import AgentToken, TokenHolder, TokenScope
from kefu.accounts.people.agents import Agent, Availability, Knowledge, Role, Team, know_standing_of
from kefu.accounts.people.codes import OneTimeCode
from kefu.accounts.people.customers import (
    SESSION_FOR,
    Customer,
    CustomerSession,
    Identity,
    IdentityKind,
    Level,
)
from kefu.accounts.people.invitations import Invitation, InvitationState
from kefu.accounts.people.password_resets import PasswordReset
from kefu.accounts.people.sign_in_links import SignInLink
from kefu.accounts.people.team_revisions import TeamRevision

__all__ = [
    "SESSION_FOR",
    "Agent",
    "AgentRevision",
    "AgentToken",
    "Availability",
    "Customer",
    "CustomerSession",
    "Identity",
    "IdentityKind",
    "Invitation",
    "InvitationState",
    "Knowledge",
    "Level",
    "OneTimeCode",
    "PasswordReset",
    "Role",
    "SignInLink",
    "Team",
    "TeamRevision",
    "TokenHolder",
    "TokenScope",
    "know_standing_of",
]
