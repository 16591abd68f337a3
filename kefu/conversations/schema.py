"""The protocol as JSON Schema, made from the frame types; its snapshot is docs/developers/protocol.schema.json."""

from __future__ import annotations

from typing import Any

import msgspec

from kefu.realtime.verbs import frame_types


def client_frames() -> dict[str, Any]:
    """JSON Schema 2020-12 for every frame that a client may send."""
    types = frame_types()
    schemas, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kefu conversation protocol, version 1: frames from the client",
        "oneOf": list(schemas),
        "$defs": definitions,
    }
