from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings

from kefu.conversations.schema import client_frames

SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "developers" / "protocol.schema.json"
REF = "XH-7Q2M-9KDV-0T3A-C"


def test_the_published_schema_is_the_one_that_the_server_checks():
    made = json.dumps(client_frames(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    assert SNAPSHOT.read_text() == made, "Write the new schema and say in protocol.md what was added."


@pytest.mark.parametrize(
    "frame",
    [
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
    ],
)
def test_a_good_frame_fits_the_schema(frame):
    jsonschema.validate(frame, client_frames())


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "say", "ref": REF, "client_id": "short", "text": "你好"},
        {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "x" * 8001},
        {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "", "files": ["../etc/passwd"]},
        {"type": "say", "ref": REF, "client_id": "a" * 8, "text": "", "files": ["0" * 32] * 11},
        {"type": "say", "ref": "1", "client_id": "a" * 8, "text": "x"},
        {"type": "seen", "ref": REF, "delivered": -1, "seen": 0},
        {"type": "hello", "protocol": 1, "token": "a" * 129},
        {"type": "hello", "protocol": 1, "token": 7},
        {"type": "fly"},
        {"type": "ping", "more": 1},
    ],
)
def test_a_bad_frame_does_not(frame):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(frame, client_frames())
