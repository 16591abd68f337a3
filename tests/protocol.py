"""Every frame that a test sends or is told is held to the published schema; `tests/every_frame.py` listens for them.

Where nothing can be raised, as in a browser's events, what is wrong is noted, and the test that runs fails at its end.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.quick_schema import Check, compiled

SCHEMA = Path(__file__).parents[1] / "docs" / "developers" / "protocol.schema.json"
SAID, TOLD = "ClientFrame", "ServerFrame"
# Found where it could not be raised.
noted: list[str] = []


class NotInProtocol(AssertionError):
    """A frame that the published schema does not know."""


def check_said(frame: object) -> None:
    """What a client sends. Raises NotInProtocol."""
    _check(frame, SAID)


def check_told(frame: object) -> None:
    """What the server sends. Raises NotInProtocol."""
    _check(frame, TOLD)


def check(value: object, name: str) -> None:
    """Any shape of the schema by its name, such as FramesAnswer. Raises NotInProtocol."""
    _check(value, name)


class Wrong(str):
    """A frame that a test sends wrong on purpose."""

    __slots__ = ()


def note_said(raw: str | bytes) -> None:
    note(raw, SAID)


def note_told(raw: str | bytes) -> None:
    note(raw, TOLD)


def note(raw: str | bytes, name: str) -> None:
    if isinstance(raw, Wrong):
        return
    try:
        _check(json.loads(raw), name)
    except (NotInProtocol, ValueError) as problem:
        noted.append(str(problem))


def _check(value: object, name: str) -> None:
    if not quick(name)(value):
        problem = best_match(thorough(name).iter_errors(value))
        place = "/".join(map(str, problem.absolute_path)) if problem else ""
        shown = json.dumps(value, ensure_ascii=False, default=str)
        raise NotInProtocol(f"{problem and problem.message} at /{place} in {shown[:2000]}")


@cache
def quick(name: str) -> Check:
    """Made once, for every frame of the tests."""
    return compiled({"$ref": f"#/$defs/{name}"}, _defs())


@cache
def thorough(name: str) -> Draft202012Validator:
    """Says what is wrong."""
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _defs()})


@cache
def _defs() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(SCHEMA.read_text())["$defs"]
    return published
