"""What a task may be given: ids and closed values, so that no text lies about in a queue."""

from __future__ import annotations

import re
from collections.abc import Mapping

# A word of ours such as a kind, a language or a hash; never a sentence, nor a name or an address.
CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class NotClosed(TypeError):
    """A task was given text; tasks take ids and closed values only."""


def require_closed(arguments: Mapping[str, object]) -> None:
    """Raises NotClosed for anything but numbers, None, short codes, and lists of those."""
    for name, value in arguments.items():
        if not _is_closed(value):
            raise NotClosed(f"{name} can't be given to a task; it takes ids and closed values.")


def _is_closed(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    if isinstance(value, str):
        return CODE.fullmatch(value) is not None
    if isinstance(value, list | tuple):
        return all(_is_closed(item) for item in value)
    return False
