"""The conversation protocol as JSON Schema, both directions, made from the types; docs/developers/protocol.schema.json."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from kefu.conversations.shapes import Ack, Events, Older, Resync, Stale
from kefu.desk.shapes import Counts, DeskEvents, DeskResync
from kefu.realtime.frames import PROTOCOL
from kefu.realtime.roads import Asked
from kefu.realtime.schema import AUDIENCES, Definitions, Schema
from kefu.realtime.shapes import CloseCode, Error, Greeting, Looking, Pong, Typing
from kefu.realtime.verbs import frame_types

TOLD_BOTH = (Greeting, Events, Resync, Ack, Typing, Error, Pong)
TOLD_STAFF = (DeskEvents, DeskResync, Stale, Looking, Counts)
CLIENT, SERVER, CLOSE = "ClientFrame", "ServerFrame", "CloseCode"
CUSTOMERS, STAFFS = "CustomerFrame", "StaffFrame"


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of any frame; `$defs` has ClientFrame, ServerFrame, FramesRequest, FramesAnswer and their parts.

    What the server says is one of CustomerFrame, to customers, and StaffFrame.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kefu conversation protocol, version 1",
        "anyOf": [_ref(CLIENT), _ref(SERVER)],
        "$defs": _said() | _told(),
    }


def written() -> str:
    """As it is published."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _said() -> dict[str, Schema]:
    """What clients send: the structs that the server itself checks it with."""
    frames, parts = msgspec.json.schema_components(frame_types(), ref_template="#/$defs/{name}")
    _, more = msgspec.json.schema_components((Asked,), ref_template="#/$defs/{name}")
    request = more.pop(Asked.__name__) | {"title": "FramesRequest"}
    # The server reads these one by one, so that a bad one fails alone, and answers another protocol by a close code.
    request["properties"]["frames"]["items"] = _ref(CLIENT)
    request["properties"]["protocol"] = {"enum": [PROTOCOL]}
    return parts | more | {CLIENT: {"anyOf": list(frames)}, "FramesRequest": request}


def _told() -> dict[str, Schema]:
    made = Definitions()
    for audience in AUDIENCES:
        made.schema_of(Older, audience)
    return {
        CUSTOMERS: {"anyOf": [made.schema_of(kind, "customer") for kind in TOLD_BOTH]},
        STAFFS: {"anyOf": [made.schema_of(kind, "staff") for kind in (*TOLD_BOTH, *TOLD_STAFF)]},
        SERVER: {"anyOf": [_ref(CUSTOMERS), _ref(STAFFS)]},
        CLOSE: made.schema_of(CloseCode),
        "FramesAnswer": {
            "title": "FramesAnswer",
            "description": "What a socket would have sent, and the code with which it would have been closed, or null.",
            "type": "object",
            "properties": {
                "frames": {"type": "array", "items": _ref(SERVER)},
                "close": {"anyOf": [_ref(CLOSE), {"type": "null"}]},
            },
            "required": ["close", "frames"],
            "additionalProperties": False,
        },
    } | made.found


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
