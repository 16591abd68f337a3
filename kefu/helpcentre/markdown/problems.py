from __future__ import annotations


class BadMarkdown(ValueError):
    """The text can't be drawn as it was meant; the message is a sentence for its author."""
