"""The agents' workspace."""
