"""What happened, once, in order: timeline, audit trail and bus."""
