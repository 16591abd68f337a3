"""Mail of the sign-in library to an agent: its own words, in our paper."""

from __future__ import annotations

import json

from kefu.mailroom.models import Letter
from kefu.mailroom.words import Paragraph, Words


def write(letter: Letter) -> Words | None:
    if not letter.words:
        return None
    kept = json.loads(letter.words)
    paragraphs = [Paragraph(part.strip()) for part in kept["text"].split("\n\n") if part.strip()]
    return Words(subject=kept["subject"], heading=kept["subject"], blocks=paragraphs)


def keep(*, subject: str, text: str) -> str:
    """The library's words as the letter keeps them, encrypted, until it is sent."""
    return json.dumps({"subject": subject, "text": text})
