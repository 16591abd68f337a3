"""Names of files as they are shown and downloaded: one line, no path, nothing that reads backwards, a true ending."""

from __future__ import annotations

import re
import unicodedata

from kefu.safety.files.kinds import EXTENSIONS

LONGEST_NAME = 120
NAMELESS = "file"
# What no file system takes in a name, or takes for something else.
FORBIDDEN = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
KNOWN = {extension for extensions in EXTENSIONS.values() for extension in extensions}
# Controls, formats (those that turn the direction of writing are among them), surrogates, private and line separators.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(raw: str) -> str:
    """What is left of a name from outside when nothing in it can mislead; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    seen = "".join(character for character in last if unicodedata.category(character) not in UNSEEN)
    name = " ".join(FORBIDDEN.sub("_", seen).split()).strip(". ")
    if DEVICES.match(name):
        name = f"_{name}"
    return _cut(name) or NAMELESS


def true_name(name: str, content_type: str) -> str:
    """The name with an ending that fits the content: a wrong one of ours is replaced, a strange one is followed by it."""
    allowed = EXTENSIONS[content_type]
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in allowed:
        return name
    if dot and extension.lower() in KNOWN:
        return f"{stem}.{allowed[0]}"
    return f"{name}.{allowed[0]}"


def _cut(name: str) -> str:
    """Short enough, with its ending kept."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > len("numbers"):
        return name[:LONGEST_NAME].strip(". ")
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip('. ')}.{extension}"
