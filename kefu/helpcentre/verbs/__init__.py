"""What people do to articles; `actions` has it all."""
