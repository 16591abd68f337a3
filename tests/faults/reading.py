"""One conversation as one client has it: what `conversations/reducer.js` does, as far as a client without a screen needs it.

All that goes in is kept as `heard`, so that the very reducer of the browsers can be asked what it makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# As in reducer.js, in milliseconds.
ASK_AGAIN_AFTER, SEND_AGAIN_AFTER = 5_000, 15_000
PASSING = {"busy", "too_many"}
Frame = dict[str, Any]


@dataclass
class Entry:
    """A message that is not acknowledged yet. `state`: queued, sending, stale or failed."""

    frame: Frame
    state: str = "queued"
    retry_at: float = 0
    sent_at: float = 0


@dataclass(eq=False)
class Reading:
    """`seq` is the last event with none missing before it, -1 before the first snapshot.

    `beginnings` counts how often a snapshot was asked for from there: again, where the server was slow with the first.
    """

    ref: str
    audience: str
    is_online: bool = False
    seq: int = -1
    expects: int = -1
    spoken_seq: int = 0
    messages: dict[int, Frame] = field(default_factory=dict)
    pending: dict[int, Frame] = field(default_factory=dict)
    unsent: dict[str, Entry] = field(default_factory=dict)
    asked: tuple[int, float] | None = None
    said: list[str] = field(default_factory=list)
    acked: list[str] = field(default_factory=list)
    refused: list[Frame] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    heard: list[tuple[Frame, float]] = field(default_factory=list)
    resyncs: int = 0
    beginnings: int = 0

    @property
    def topic(self) -> str:
        return f"conversation:{self.ref}/{self.audience}"

    @property
    def last_heard(self) -> int:
        """The seq of the last thing that the other side said."""
        return max((one["seq"] for one in self.messages.values() if not one["mine"]), default=0)

    def take(self, frame: Frame, now: float) -> list[Frame]:
        """Frames that should go to the server because of this one."""
        step = STEPS.get(frame["type"])
        is_ours = frame.get("topic", self.topic) == self.topic and frame.get("ref", self.ref) == self.ref
        if step is None or not is_ours:
            return []
        self.heard.append((frame, now))
        step(self, frame, now)
        return self._settle(now) if self.is_online else []

    def _hello(self, _: Frame, now: float) -> None:
        self.is_online = True
        self._ask(now)
        self._requeue()

    def _ask(self, now: float) -> None:
        self.asked = (self.seq, now)
        self.beginnings += self.seq < 0

    def _closed(self, _frame: Frame, _now: float) -> None:
        self.is_online = False
        self._requeue()

    def _requeue(self) -> None:
        for entry in self.unsent.values():
            if entry.state == "sending":
                entry.state = "queued"

    def _events(self, frame: Frame, _: float) -> None:
        self._advance(frame["events"])

    def _advance(self, events: list[Frame]) -> None:
        self.pending |= {
            one["seq"]: one for one in events if one["kind"] != "conversation" and one["seq"] > self.seq
        }
        while self.seq >= 0 and self.seq + 1 in self.pending:
            self.seq += 1
            self._apply(self.pending.pop(self.seq))
        self.pending = {seq: one for seq, one in self.pending.items() if seq > self.seq}

    def _apply(self, event: Frame) -> None:
        if event["kind"] == "message":
            self._hear(event["message"])

    def _hear(self, message: Frame) -> None:
        self.messages[message["id"]] = message
        if message["visibility"] == "customer":
            self.spoken_seq = max(self.spoken_seq, message["seq"])
        if message["client_id"]:
            self.unsent.pop(message["client_id"], None)

    def _resync(self, frame: Frame, _: float) -> None:
        snapshot = frame["snapshot"]
        assert snapshot["seq"] >= (self.asked[0] if self.asked else -1), "the server has forgotten something"
        if snapshot["seq"] < self.seq:
            return
        self.resyncs += 1
        self.seq = snapshot["seq"]
        self.spoken_seq = max(self.spoken_seq, snapshot["head"].get("spoken_seq", 0))
        for event in snapshot["events"]:
            self._apply(event)
        self._advance([])

    def _ack(self, frame: Frame, now: float) -> None:
        message = frame["message"]
        self.acked.append(frame["client_id"])
        self._hear(self.messages.get(message["id"], message))
        self.unsent.pop(frame["client_id"], None)
        self.expects = max(self.expects, message["seq"])
        if self.asked is None or self.asked[0] != self.seq:
            self.asked = (self.seq, now)
        if frame["head"]:
            self._advance([{"seq": message["seq"], "kind": "message", "message": message}])

    def _stale(self, frame: Frame, _: float) -> None:
        self.held.add(frame["client_id"])
        self.expects = max(self.expects, frame["spoken_seq"])
        if frame["client_id"] in self.unsent:
            self.unsent[frame["client_id"]].state = "stale"
        self._advance(frame["events"])

    def _error(self, frame: Frame, now: float) -> None:
        entry = self.unsent.get(frame["client_id"] or "")
        if entry is None:
            return
        if frame["code"] in PASSING:
            entry.state, entry.retry_at = "queued", now + (frame["retry_after_ms"] or 1_000)
        else:
            entry.state = "failed"
            self.refused.append(frame)

    def _write(self, frame: Frame, _: float) -> None:
        said = {"type": "say", "ref": self.ref} | {
            name: frame[name] for name in ("client_id", "text", "visibility", "spoken_seq")
        }
        self.said.append(frame["client_id"])
        self.unsent[frame["client_id"]] = Entry(said)

    def _retry(self, frame: Frame, _: float) -> None:
        entry = self.unsent[frame["client_id"]]
        entry.state, entry.retry_at = "queued", 0
        entry.frame["spoken_seq"] = frame["spoken_seq"]

    def _tick(self, _frame: Frame, _now: float) -> None:
        """Time alone may make something due."""

    def _settle(self, now: float) -> list[Frame]:
        asks: list[Frame] = []
        if self._needs_replay(now):
            asks.append({"type": "watch", "topic": self.topic, "after": self.seq})
            self._ask(now)
        waiting = (entry for entry in self.unsent.values() if entry.state in {"queued", "sending"})
        entry = next(waiting, None)
        if entry is not None and _is_due(entry, now):
            asks.append(dict(entry.frame))
            entry.state, entry.sent_at = "sending", now
        return asks

    def _needs_replay(self, now: float) -> bool:
        is_waiting = (
            self.asked is not None and self.asked[0] == self.seq and now - self.asked[1] < ASK_AGAIN_AFTER
        )
        return not is_waiting and (self.seq < 0 or bool(self.pending) or self.expects > self.seq)


def _is_due(entry: Entry, now: float) -> bool:
    return now - entry.sent_at >= SEND_AGAIN_AFTER if entry.state == "sending" else entry.retry_at <= now


STEPS = {
    "hello": Reading._hello,
    "closed": Reading._closed,
    "events": Reading._events,
    "resync": Reading._resync,
    "ack": Reading._ack,
    "stale": Reading._stale,
    "error": Reading._error,
    "write": Reading._write,
    "retry": Reading._retry,
    "tick": Reading._tick,
}
