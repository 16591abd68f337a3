"""The nouns of articles; `models` has them all."""
