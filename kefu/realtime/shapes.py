"""What the transport tells its clients, as types: mypy holds the code to them, and the published schema is made from them.

A `TypedDict` is a plain dict when the program runs, so drawing pays nothing for its type. See docs/developers/protocol.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

import msgspec

ErrorCode = Literal[
    "malformed",
    "unknown",
    "too_large",
    "refused",
    "not_found",
    "too_many",
    "busy",
    "conflict",
    "protocol",
    "file_missing",
    "file_not_up",
    "file_refused",
]
CloseCode = Literal[1012, 1013, 4001, 4003, 4008, 4009]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Moment = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?\+00:00$")
]

_CONVERSATION = r"^conversation:[A-Z]{2,4}(-[0-9A-Z]{4}){3}-[0-9A-Z]/"
CustomerTopic = Annotated[str, msgspec.Meta(pattern=f"{_CONVERSATION}customer$")]
StaffTopic = Annotated[str, msgspec.Meta(pattern=f"{_CONVERSATION}staff$")]


def one_of(values: Iterable[str | int]) -> msgspec.Meta:
    """For what a row holds as one of a closed set: to mypy a string or a number, in the schema that set."""
    return msgspec.Meta(extra_json_schema={"enum": list(values)})


@dataclass(frozen=True)
class ByAudience:
    """What customers are told otherwise than staff: mypy knows the type that this stands beside, the schema one for each."""

    customer: Any
    staff: Any


class Person(TypedDict):
    """Towards the customer an id is 0 and a customer's name is empty."""

    kind: Literal["customer", "agent"]
    id: Annotated[Count, ByAudience(customer=Literal[0], staff=Count)]
    name: str


class You(TypedDict):
    """Who somebody is themselves."""

    kind: Literal["customer", "agent"]
    id: Count
    name: str


class Greeting(TypedDict):
    """The socket is open, and this is who is on it."""

    type: Literal["hello"]
    protocol: Literal[1]
    you: You


class Pong(TypedDict):
    """The answer to a ping."""

    type: Literal["pong"]


class Error(TypedDict):
    """Nothing was changed, and why."""

    type: Literal["error"]
    code: ErrorCode
    client_id: Annotated[str, msgspec.Meta(max_length=64)] | None
    retry_after_ms: Count | None


class Typing(TypedDict):
    """Somebody else is typing; it ends by itself after so long."""

    type: Literal["typing"]
    topic: Annotated[str, ByAudience(customer=CustomerTopic, staff=StaffTopic)]
    who: Person
    for_ms: Count


class Looking(TypedDict):
    """All colleagues who have the conversation open now."""

    type: Literal["looking"]
    topic: StaffTopic
    who: list[Person]
