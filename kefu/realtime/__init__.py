"""Sockets, topics and leases: transport only."""
