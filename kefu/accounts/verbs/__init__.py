"""The verbs of this room, a file for each kind of person or door."""
