"""Translations made ready: each .po beside its .mo, written without the gettext programs.

The formats are in the GNU gettext manual: "The Format of PO Files" and "The Format of GNU MO Files".
"""

from __future__ import annotations

import ast
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
MAGIC = 0x950412DE
LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+)?("(?:[^"\\]|\\.)*")\s*$')


class BadCatalogue(ValueError):
    """A .po file has a line that can't be read; the message names file and line."""


@dataclass
class Entry:
    is_fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    forms: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        context = f"{self.parts['msgctxt']}\4" if "msgctxt" in self.parts else ""
        plural = f"\0{self.parts['msgid_plural']}" if "msgid_plural" in self.parts else ""
        return f"{context}{self.parts.get('msgid', '')}{plural}"

    @property
    def is_ready(self) -> bool:
        return bool(self.forms) and all(self.forms.values()) and (not self.is_fuzzy or not self.key)


def compile_all(house: Path = HOUSE) -> list[Path]:
    """Write each .mo of the project and its rooms that is missing or stale; return those."""
    found = sorted(
        [*house.glob("locale/*/LC_MESSAGES/*.po"), *house.glob("kefu/*/locale/*/LC_MESSAGES/*.po")]
    )
    is_checkout = (house / "pyproject.toml").exists()
    return [_compile(po) for po in found if _is_missing(po) or (is_checkout and _is_stale(po))]


def _is_missing(po: Path) -> bool:
    return not po.with_suffix(".mo").exists()


def _is_stale(po: Path) -> bool:
    """Only in a checkout do times say what was changed; an installer writes files in any order, often where we may not."""
    return po.with_suffix(".mo").stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> Path:
    try:
        messages = read_po(po.read_text(encoding="utf-8"))
    except BadCatalogue as problem:
        raise BadCatalogue(f"{po}: {problem}") from None
    mo = po.with_suffix(".mo")
    # Another process may read it meanwhile, so it appears whole or not at all.
    made = unfinished(mo)
    made.write_bytes(mo_bytes(messages))
    made.replace(mo)
    return mo


def unfinished(mo: Path) -> Path:
    """Where this process writes. It ends as a catalogue does, since whoever looks at sources passes over those."""
    return mo.with_suffix(f".{os.getpid()}.mo")


def read_po(text: str) -> dict[str, str]:
    """Keys and translations as a .mo file holds them, without what is fuzzy, obsolete or not translated."""
    return {
        entry.key: "\0".join(entry.forms[n] for n in sorted(entry.forms))
        for entry in _entries(text)
        if entry.is_ready
    }


def _entries(text: str) -> Iterator[Entry]:
    entry, now = Entry(), ("", 0)
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            if entry.forms:
                yield entry
                entry = Entry()
            entry.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        match = LINE.match(line)
        if match is None:
            raise BadCatalogue(f"line {number} can't be read.")
        if match[1]:
            now = (match[1], int(match[2] or 0))
            if entry.forms and match[1] != "msgstr":
                yield entry
                entry = Entry()
        _add(entry, now, ast.literal_eval(match[3]))
    if entry.forms:
        yield entry


def _add(entry: Entry, now: tuple[str, int], text: str) -> None:
    word, form = now
    if word == "msgstr":
        entry.forms[form] = entry.forms.get(form, "") + text
    else:
        entry.parts[word] = entry.parts.get(word, "") + text


def mo_bytes(messages: dict[str, str]) -> bytes:
    """A .mo file: seven numbers, two tables of lengths and places, and the strings, sorted by key."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    header, table = 7 * 4, 8 * len(pairs)
    place = header + 2 * table
    tables, strings = [], b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), place + len(strings)))
            strings += pair[column] + b"\0"
    start = struct.pack("<7I", MAGIC, 0, len(pairs), header, header + table, 0, place)
    return start + b"".join(tables) + strings
