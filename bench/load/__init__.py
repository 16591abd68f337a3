"""The load: customers who speak, agents who listen, and what their sockets saw."""
