"""The settings page of topics."""
