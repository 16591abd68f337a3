"""Settings, addresses, wiring and commands: the only room that knows all rooms."""
