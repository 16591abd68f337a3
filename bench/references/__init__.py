"""What we are measured beside: the usual Django way, and the server library alone."""
