"""Names set into Chinese sentences: a space where Latin letters or digits would touch a Chinese character.

On pages the browser leaves that space (`text-autospace` in base.css). A letter or a file has to bring it along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import east_asian_width

_PLACE = re.compile(r"%\((\w+)\)s")


def fill_in(sentence: str, facts: Mapping[str, str]) -> str:
    """The sentence with its `%(name)s` filled in. The names themselves stay as somebody wrote them."""
    written = ""
    for place, part in enumerate(_PLACE.split(sentence)):
        piece = facts[part] if place % 2 else part
        written += (" " if _would_touch(written[-1:], piece[:1]) else "") + piece
    return written


def _would_touch(before: str, after: str) -> bool:
    """Only letters and digits do: full-width marks bring their own room."""
    return before.isalnum() and after.isalnum() and _is_chinese(before) != _is_chinese(after)


def _is_chinese(character: str) -> bool:
    return east_asian_width(character) == "W"
