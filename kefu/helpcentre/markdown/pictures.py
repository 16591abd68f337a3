"""Pictures in a text: our own only, with words for who doesn't see them, and a size so that nothing moves when they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_noop
from markdown_it.token import Token

from kefu.helpcentre.markdown.problems import BadMarkdown

OWN_PICTURE = re.compile(r"image:(?P<key>[a-z0-9-]+)")
# What a cleaner that trusts nobody lets through as the source of a picture.
ADDRESS = re.compile(r"/pictures/[0-9a-f]{32}")


@dataclass(frozen=True)
class Shown:
    """A picture of our store: its address, and its size in pixels."""

    address: str
    width: int
    height: int


def place_picture(token: Token, picture: Callable[[str], Shown | None]) -> None:
    """Raises BadMarkdown for a picture from elsewhere, one that isn't there, and one that is not described."""
    source = str(token.attrGet("src") or "")
    own = OWN_PICTURE.fullmatch(source)
    if not own:
        raise BadMarkdown(
            gettext_noop("A picture comes from “%(source)s”; upload it here and write image:key."),
            source=source,
        )
    if not token.content.strip():
        raise BadMarkdown(
            gettext_noop("The picture “%(key)s” needs words for those who can't see it: ![words](image:…)."),
            key=own["key"],
        )
    shown = picture(own["key"])
    if shown is None:
        raise BadMarkdown(gettext_noop("There is no picture “%(key)s”."), key=own["key"])
    token.attrs = {
        "src": shown.address,
        "alt": "",
        "width": shown.width,
        "height": shown.height,
        "loading": "lazy",
    }
