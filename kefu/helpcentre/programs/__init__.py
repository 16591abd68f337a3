"""Doors for programs that write articles in an agent's name, by a token of theirs."""
