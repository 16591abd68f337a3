"""Customers, agents, teams, roles, and who may do what.

Doorways beside models, actions and events: `policy` (may somebody do this?), `viewers` (who do these cookies
or this token belong to?), `bearer` (a token in place of cookies), `staff` (pages for agents only) and `customer_cookie`.
"""
