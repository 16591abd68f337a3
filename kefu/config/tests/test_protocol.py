"""The published schema is what the code says, in both directions, and lets nothing else through."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kefu.config.protocol import schema, written
from kefu.realtime.schema import Definitions
from tests.protocol import SCHEMA, NotInProtocol, check, check_said, check_told, quick, thorough
from tests.quick_schema import compiled

REF = "XH-7Q2M-9KDV-0T3A-C"
STAFF = f"conversation:{REF}/staff"
AT = "2026-11-23T06:00:00+00:00"
MEI = {"kind": "agent", "id": 3, "name": "林美"}
MESSAGE = {
    "id": 9,
    "seq": 2,
    "client_id": None,
    "author": MEI,
    "mine": True,
    "visibility": "customer",
    "text": "好的",
    "secrets": ["mnemonic"],
    "files": [],
    "at": AT,
    "edited": False,
    "erased": False,
}
HEAD = {
    "ref": REF,
    "state": "open",
    "turn": "customer",
    "turn_since": AT,
    "assignee": MEI,
    "topic": "account",
    "language": "zh-hans",
}
STAFF_HEAD = HEAD | {
    "spoken_seq": 2,
    "customer": {"kind": "customer", "id": 4, "name": "陈晓", "level": 0, "zone": "Asia/Shanghai"},
}
# The same as their customer is told.
MEI_TO_CUSTOMER = MEI | {"id": 0}
CUSTOMERS = f"conversation:{REF}/customer"
MESSAGE_TO_CUSTOMER = MESSAGE | {"author": MEI_TO_CUSTOMER, "mine": False}
HEAD_TO_CUSTOMER = HEAD | {"assignee": MEI_TO_CUSTOMER}
LED = {"seq": 2, "kind": "conversation", "at": AT, "head": STAFF_HEAD}
SAID = {"seq": 2, "kind": "message", "at": AT, "message": MESSAGE}
SAID_TO_CUSTOMER = SAID | {"message": MESSAGE_TO_CUSTOMER}
SNAPSHOT = {
    "topic": STAFF,
    "seq": 2,
    "head": STAFF_HEAD,
    "events": [SAID],
    "cursors": [{"who": MEI, "delivered": 1, "seen": 0}],
    "earlier": False,
}
SNAPSHOT_TO_CUSTOMER = SNAPSHOT | {
    "topic": CUSTOMERS,
    "head": HEAD_TO_CUSTOMER,
    "events": [SAID_TO_CUSTOMER],
    "cursors": [{"who": MEI_TO_CUSTOMER | {"name": ""}, "delivered": 1, "seen": 0}],
}


def test_the_published_schema_is_the_one_that_the_code_says():
    assert SCHEMA.read_text() == written(), (
        "Write kefu.config.protocol.written() to docs/developers/protocol.schema.json, and what is new into protocol.md."
    )


def objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield part
        for value in part.values():
            yield from objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from objects(value)


def test_no_object_may_hold_what_is_not_written_down():
    found = list(objects(schema()))

    assert len(found) > 40
    assert [one for one in found if "properties" in one and one["additionalProperties"] is not False] == []
    assert [one for one in found if "properties" not in one and "additionalProperties" not in one] == []


def closed_values(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from map(str, part.get("enum", ()))
        for value in part.values():
            yield from closed_values(value)
    elif isinstance(part, list):
        for value in part:
            yield from closed_values(value)


def test_the_page_names_every_closed_value_and_every_field():
    page = SCHEMA.with_name("protocol.md").read_text()
    fields = {name for one in objects(schema()) for name in one.get("properties", ())}

    assert {
        name for name in fields | set(closed_values(schema())) if not re.search(rf"\b{name}\b", page)
    } == set()


def test_two_shapes_of_one_name_are_refused():
    made = Definitions()
    made.schema_of(TypedDict("Same", {"one": int}))

    with pytest.raises(ValueError, match="Same"):
        made.schema_of(TypedDict("Same", {"two": int}))


GOOD_SAID = [
    {"type": "hello", "protocol": 1, "watch": [{"topic": f"conversation:{REF}/customer", "after": -1}]},
    {"type": "hello", "protocol": 1, "token": "a" * 43},
    {"type": "watch", "topic": "desk/3", "after": 12},
    {"type": "unwatch", "topic": "desk/3"},
    {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "你好"},
    {
        "type": "say",
        "ref": REF,
        "client_id": "a" * 8,
        "text": "你好",
        "visibility": "staff",
        "spoken_seq": None,
    },
    {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "", "files": ["0" * 32]},
    {"type": "seen", "ref": REF, "delivered": 3, "seen": 2},
    {"type": "typing", "ref": REF},
    {"type": "looking", "ref": None},
    {"type": "ping"},
]
BAD_SAID = [
    {"type": "say", "ref": REF, "client_id": "short", "text": "你好"},
    {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "x" * 8001},
    {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "", "files": ["../etc/passwd"]},
    {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "", "files": ["0" * 32] * 11},
    {"type": "say", "ref": "1", "client_id": "a" * 8, "text": "x"},
    {"type": "seen", "ref": REF, "delivered": -1, "seen": 0},
    {"type": "hello", "protocol": 1, "token": "a" * 129},
    {"type": "hello", "protocol": 1, "token": 7},
    {"type": "hello", "protocol": 1, "you": MEI},
    {"type": "fly"},
    {"type": "ping", "more": 1},
    {},
    [],
]
GOOD_TO_CUSTOMER = [
    {"type": "events", "topic": CUSTOMERS, "events": [SAID_TO_CUSTOMER, LED | {"head": HEAD_TO_CUSTOMER}]},
    {"type": "resync", "topic": CUSTOMERS, "snapshot": SNAPSHOT_TO_CUSTOMER},
    {"type": "ack", "client_id": "a" * 8, "ref": REF, "message": MESSAGE_TO_CUSTOMER, "head": None},
    {
        "type": "ack",
        "client_id": "a" * 8,
        "ref": REF,
        "message": MESSAGE_TO_CUSTOMER,
        "head": HEAD_TO_CUSTOMER,
    },
    {"type": "typing", "topic": CUSTOMERS, "who": MEI_TO_CUSTOMER, "for_ms": 6000},
]
GOOD_TOLD = [
    {"type": "hello", "protocol": 1, "you": MEI},
    {"type": "events", "topic": STAFF, "events": [SAID, LED]},
    {"type": "resync", "topic": STAFF, "snapshot": SNAPSHOT},
    {"type": "resync", "topic": "desk/3", "snapshot": None},
    {"type": "ack", "client_id": "a" * 8, "ref": REF, "message": MESSAGE, "head": None},
    {"type": "stale", "client_id": "a" * 8, "ref": REF, "spoken_seq": 2, "events": [SAID]},
    {"type": "typing", "topic": STAFF, "who": MEI, "for_ms": 6000},
    {"type": "looking", "topic": STAFF, "who": [MEI]},
    {"type": "counts", "topic": "desk/3", "open": 2, "unassigned": 1, "by_assignee": {"3": 1}},
    {"type": "error", "code": "busy", "client_id": None, "retry_after_ms": 1000},
    {"type": "pong"},
    *GOOD_TO_CUSTOMER,
]
BAD_TOLD = [
    {"type": "events", "topic": "desk/3", "events": [SAID]},
    {"type": "events", "topic": STAFF, "events": [SAID | {"kind": "row"}]},
    {"type": "events", "topic": STAFF, "events": [SAID | {"seq": 0}]},
    {"type": "events", "topic": STAFF, "events": [SAID | {"message": MESSAGE | {"visibility": "public"}}]},
    {"type": "events", "topic": STAFF, "events": [SAID | {"message": MESSAGE | {"note": "x"}}]},
    {"type": "events", "topic": STAFF, "events": [LED | {"head": HEAD | {"spoken_seq": 2}}]},
    {"type": "resync", "topic": STAFF, "snapshot": None},
    {"type": "counts", "topic": "desk/3", "open": 2, "unassigned": 1, "by_assignee": {"mei": 1}},
    {"type": "error", "code": "forbidden", "client_id": None, "retry_after_ms": None},
    {"type": "error", "code": "busy", "client_id": None},
    {"type": "ack", "client_id": "a" * 8, "ref": REF, "message": MESSAGE, "head": STAFF_HEAD},
    {"type": "ack", "client_id": "a" * 8, "ref": REF, "message": MESSAGE, "head": HEAD_TO_CUSTOMER},
    {"type": "ping"},
]


NOTE = {"visibility": "staff"}
NOT_FOR_CUSTOMERS = [
    {"type": "events", "topic": CUSTOMERS, "events": [SAID]},
    {"type": "events", "topic": CUSTOMERS, "events": [SAID | {"message": MESSAGE_TO_CUSTOMER | NOTE}]},
    {"type": "events", "topic": CUSTOMERS, "events": [LED]},
    {"type": "events", "topic": CUSTOMERS, "events": [SAID | {"kind": "assigned", "agent": MEI, "by": None}]},
    {"type": "events", "topic": STAFF, "events": [LED | {"head": HEAD_TO_CUSTOMER}]},
    {"type": "resync", "topic": CUSTOMERS, "snapshot": SNAPSHOT_TO_CUSTOMER | {"head": STAFF_HEAD}},
    {"type": "resync", "topic": CUSTOMERS, "snapshot": SNAPSHOT_TO_CUSTOMER | {"topic": STAFF}},
    {"type": "resync", "topic": CUSTOMERS, "snapshot": SNAPSHOT},
    {"type": "typing", "topic": CUSTOMERS, "who": MEI, "for_ms": 6000},
    {"type": "looking", "topic": CUSTOMERS, "who": [MEI_TO_CUSTOMER]},
]


def of_both_sides(said: list[Any], told: list[Any]) -> list[Any]:
    """Each frame with its check: of what a client says, and of what it is told."""
    frames = [*((check_said, frame) for frame in said), *((check_told, frame) for frame in told)]
    return [pytest.param(check_frame, frame, id=str(frame)[:90]) for check_frame, frame in frames]


@pytest.mark.parametrize(("check_frame", "frame"), of_both_sides(GOOD_SAID, GOOD_TOLD))
def test_a_good_frame_fits(check_frame, frame):
    check_frame(frame)


@pytest.mark.parametrize(("check_frame", "frame"), of_both_sides(BAD_SAID, [*BAD_TOLD, *NOT_FOR_CUSTOMERS]))
def test_a_bad_frame_does_not(check_frame, frame):
    with pytest.raises(NotInProtocol):
        check_frame(frame)


@pytest.mark.parametrize("frame", GOOD_TO_CUSTOMER, ids=lambda frame: frame["type"])
def test_what_customers_are_told_is_a_frame_of_theirs(frame):
    check(frame, "CustomerFrame")


@pytest.mark.parametrize("type_", ["ack", "stale", "counts", "looking"])
def test_what_staff_are_told_fits_no_customer(type_):
    for_staff = next(frame for frame in GOOD_TOLD if frame["type"] == type_)

    check(for_staff, "StaffFrame")
    with pytest.raises(NotInProtocol):
        check(for_staff, "CustomerFrame")


@pytest.mark.parametrize("frame", GOOD_TOLD, ids=lambda frame: str(frame)[:60])
def test_a_frame_of_the_server_is_whole_or_wrong(frame):
    for field in frame:
        broken = copy.deepcopy(frame)
        del broken[field]
        with pytest.raises(NotInProtocol):
            check_told(broken)


def test_plain_requests_and_their_answers_are_written_down_too():
    check(
        {"protocol": 1, "frames": GOOD_SAID, "wait": 2.5, "watch": [{"topic": "desk/3", "after": 1}]},
        "FramesRequest",
    )
    check({"frames": GOOD_TOLD, "close": 4001}, "FramesAnswer")
    for wrong in (
        {"frames": [], "close": 1000},
        {"frames": [{"type": "fly"}], "close": None},
        {"close": None},
    ):
        with pytest.raises(NotInProtocol):
            check(wrong, "FramesAnswer")


VALUES = some.sampled_from(
    [None, True, False, 0, 1, 1.0, 1.5, -1, 2**54, "", "x", "3", AT, REF, [], {}, MEI, HEAD]
)


@pytest.mark.slow
@given(some.data())
def test_the_quick_check_says_what_jsonschema_says(data):
    frame = copy.deepcopy(
        data.draw(some.sampled_from([*GOOD_SAID, *GOOD_TOLD, *BAD_TOLD, *NOT_FOR_CUSTOMERS]))
    )
    places = list(places_in(frame))
    for _ in range(data.draw(some.integers(0, 2))):
        holder, key = data.draw(some.sampled_from(places))
        holder[key] = data.draw(VALUES)

    for name in ("ClientFrame", "ServerFrame"):
        assert quick(name)(frame) == thorough(name).is_valid(frame), name


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where something stands or could stand, in all that is within."""
    if isinstance(value, dict):
        yield value, "more"
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places_in(value[key])


def test_a_keyword_that_the_quick_check_does_not_know_is_refused():
    with pytest.raises(NotImplementedError, match="multipleOf"):
        compiled({"type": "integer", "multipleOf": 2}, {})
