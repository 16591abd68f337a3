"""Files from outside: what they are by their content, what is taken out of them, and what is refused."""
