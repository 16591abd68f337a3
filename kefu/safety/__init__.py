"""Secret guard, encrypted fields, official identities, limits."""
