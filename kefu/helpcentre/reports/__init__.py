"""What editors see of how articles do: read, helpful, or still asked about."""
