"""People: agents, who are Django's users, and customers, who never are."""

from kefu.accounts.people.agents import Agent, Role, Team
from kefu.accounts.people.customers import Customer, CustomerSession, Identity, Level

__all__ = ["Agent", "Customer", "CustomerSession", "Identity", "Level", "Role", "Team"]
