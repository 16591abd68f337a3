"""Rules that find secrets in a text, one small module for each family; `kefu.safety.guard` puts them together."""
