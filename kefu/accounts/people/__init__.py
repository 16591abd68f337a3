"""The nouns of this room, a file for each side of the counter."""
