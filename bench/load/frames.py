"""The few words of the protocol that the load speaks and hears; docs/developers/protocol.md has them all."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

WORDS = "你好，我昨天提现的两百 USDT 到现在还没有到账，页面上一直显示处理中，请帮我看一下是什么原因，谢谢。"
CLIENT_ID = "bench-"
# More topics follow one by one as `watch`.
MOST_IN_HELLO = 50


@dataclass(frozen=True)
class Chat:
    """A customer's conversation, and the session's token that opens it."""

    ref: str
    token: str = ""

    @property
    def own_topic(self) -> str:
        return f"conversation:{self.ref}/customer"

    @property
    def staff_topic(self) -> str:
        return f"conversation:{self.ref}/staff"


class Message(msgspec.Struct):
    text: str = ""


class Row(msgspec.Struct):
    last_line: str = ""


class Event(msgspec.Struct):
    kind: str = ""
    message: Message | None = None
    row: Row | None = None


class Frame(msgspec.Struct):
    """Any frame; what we don't ask about is passed over."""

    type: str
    client_id: str | None = None
    code: str = ""
    topic: str = ""
    events: list[Event] = []


_decoder = msgspec.json.Decoder(Frame)
_encode = msgspec.json.encode


def read(payload: bytes) -> Frame:
    return _decoder.decode(payload)


def hello(topics: list[str], token: str = "") -> list[bytes]:
    """The frames that open a socket: who it is, and what it wants to hear."""
    watch = [{"topic": topic, "after": -1} for topic in topics[:MOST_IN_HELLO]]
    first: dict[str, object] = {"type": "hello", "protocol": 1, "watch": watch}
    if token:
        first["token"] = token
    rest = [{"type": "watch", "topic": topic, "after": -1} for topic in topics[MOST_IN_HELLO:]]
    return [_encode(frame) for frame in (first, *rest)]


def say(chat: Chat, serial: int) -> bytes:
    """A message whose text begins with its serial, so that whoever hears it knows which it is."""
    frame = {
        "type": "say",
        "ref": chat.ref,
        "client_id": f"{CLIENT_ID}{serial:010d}",
        "text": f"{serial:010d} {WORDS}",
        "visibility": "customer",
    }
    return _encode(frame)


def serial_of(client_id: str) -> int:
    return int(client_id.removeprefix(CLIENT_ID))


def serials_in(events: list[Event]) -> list[int]:
    """The messages that these events tell of, as a thread's event or as a list's row."""
    texts = [
        event.message.text if event.message else event.row.last_line if event.row else "" for event in events
    ]
    heads = [text.partition(" ")[0] for text in texts]
    return [int(head) for head in heads if head.isdigit()]


PING = _encode({"type": "ping"})
