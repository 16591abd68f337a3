"""People: agents, who are Django's users, and customers, who never are."""

from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agents import Agent, Availability, Role, Team
from kefu.accounts.people.codes import OneTimeCode
from kefu.accounts.people.customers import Customer, CustomerSession, Identity, IdentityKind, Level
from kefu.accounts.people.invitations import Invitation, InvitationState
from kefu.accounts.people.password_resets import PasswordReset
from kefu.accounts.people.sign_in_links import SignInLink
from kefu.accounts.people.team_revisions import TeamRevision

__all__ = [
    "Agent",
    "AgentRevision",
    "Availability",
    "Customer",
    "CustomerSession",
    "Identity",
    "IdentityKind",
    "Invitation",
    "InvitationState",
    "Level",
    "OneTimeCode",
    "PasswordReset",
    "Role",
    "SignInLink",
    "Team",
    "TeamRevision",
]
