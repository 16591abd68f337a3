"""Every msgid that a room's code and templates ask for, found without the gettext programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file
from django.utils.translation.template import templatize

from kefu.config.catalogues import HOUSE, read_po

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CALL = re.compile(r"(?<![\w.])(?:_|gettext|ngettext|pgettext|npgettext)\(")

HAN = re.compile("[\u4e00-\u9fff]")

# A msgid with its context, which is empty for most.
Msgid = tuple[str, str]


def msgids_of(room: Path) -> set[Msgid]:
    """(context, singular msgid) of everything in a room but its tests and migrations."""
    found: set[Msgid] = set()
    for path in sorted(room.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(room).parts):
            found |= set(_in_code(path))
    for path in sorted(room.rglob("templates/**/*")):
        if path.is_file():
            found |= set(_in_template(path))
    return found


def characters_only_of(script: str, *, not_of: str) -> set[str]:
    """What the house writes in one script's catalogues and never in the other's."""
    return _characters_of(script) - _characters_of(not_of)


def _characters_of(script: str) -> set[str]:
    said: set[str] = set()
    for po in HOUSE.glob(f"kefu/*/locale/{script}/LC_MESSAGES/django.po"):
        for words in read_po(po.read_text(encoding="utf-8")).values():
            said |= set(HAN.findall(words))
    return said


def _in_code(path: Path) -> Iterator[Msgid]:
    for _, message, _, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield context or "", message[0] if isinstance(message, tuple) else message


def _in_template(path: Path) -> Iterator[Msgid]:
    # Django writes a template as calls of gettext between blanked-out letters, for xgettext to read.
    text = templatize(path.read_text(encoding="utf-8"))
    for match in CALL.finditer(text):
        call = ast.parse(text[match.start() : _end_of_call(text, match.end())], mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        strings = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        yield (strings[0], strings[1]) if "pgettext" in call.func.id else ("", strings[0])


def _end_of_call(text: str, start: int) -> int:
    """The place after the bracket that closes the call; brackets inside strings don't count."""
    depth, quote, place = 1, "", start
    while depth:
        letter = text[place]
        if quote:
            place += letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
        place += 1
    return place
