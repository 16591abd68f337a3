"""Customers, agents, teams, roles, and who may do what.

Doorways beside models, actions and events: `policy` (may somebody do this?), `viewers` (who do these cookies
belong to?), `staff` (pages for agents only) and `customer_cookie`.
"""
