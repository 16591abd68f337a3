"""The icons that exist: the symbols of the one sprite."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
SIZES = {"", "small", "large", "solid"}


class UnknownIcon(LookupError):
    """A template asks for an icon that the sprite doesn't hold."""


@cache
def names() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))
