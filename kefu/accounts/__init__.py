"""Customers, agents, teams, roles, and who may do what."""
