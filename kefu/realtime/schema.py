"""Types as JSON Schema: what frames hold is written once, as a `TypedDict`, and published from there.

msgspec does the same for what clients send, and knows no choice between two dicts, of which events are made.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import msgspec

from kefu.realtime.shapes import ByAudience

Schema = dict[str, Any]
Audience = Literal["customer", "staff"]
AUDIENCES: tuple[Audience, ...] = ("customer", "staff")


class Definitions:
    """Every `TypedDict` that was met, by its name; nothing else may stand in an object than what its type says.

    Of what customers are told otherwise than staff there are two: `CustomerMessage` beside `Message`.
    """

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}
        self._types: dict[str, Any] = {}

    def schema_of(self, kind: Any, audience: Audience = "staff") -> Schema:
        """Raises ValueError if two types have one name."""
        if is_typeddict(kind):
            return self._object(kind, audience)
        if told := _by_audience(kind):
            return self.schema_of(getattr(told, audience), audience)
        origin, parts = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return {"anyOf": [self.schema_of(part, audience) for part in parts]}
        if origin is list:
            return {"type": "array", "items": self.schema_of(parts[0], audience)}
        if origin is dict:
            names, values = (self.schema_of(part, audience) for part in parts)
            return {"type": "object", "propertyNames": names, "additionalProperties": values}
        if kind is type(None):
            return {"type": "null"}
        if kind in {str, int, bool, float} or origin in {Literal, Annotated}:
            return msgspec.json.schema(kind)
        raise TypeError(f"{kind} has no schema here")

    def _object(self, kind: Any, audience: Audience) -> Schema:
        is_customers = audience == "customer" and depends_on_audience(kind)
        name = f"Customer{kind.__name__}" if is_customers else kind.__name__
        if self._types.setdefault(name, kind) is not kind:
            raise ValueError(f"Two types are named {name}")
        if name not in self.found:
            # In its place before its parts, which may name it again.
            schema: Schema = {"title": name, "type": "object"}
            self.found[name] = schema
            if kind.__doc__:
                schema["description"] = kind.__doc__
            fields = _fields(kind).items()
            schema["properties"] = {field: self.schema_of(hint, audience) for field, hint in fields}
            schema["required"] = sorted(kind.__required_keys__)
            schema["additionalProperties"] = False
        return {"$ref": f"#/$defs/{name}"}


def depends_on_audience(kind: Any) -> bool:
    """Whether customers are told anything in it otherwise than staff."""
    if is_typeddict(kind):
        return any(map(depends_on_audience, _fields(kind).values()))
    return _by_audience(kind) is not None or any(map(depends_on_audience, get_args(kind)))


def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _by_audience(kind: Any) -> ByAudience | None:
    told = (one for one in getattr(kind, "__metadata__", ()) if isinstance(one, ByAudience))
    return next(told, None)
