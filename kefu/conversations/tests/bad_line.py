"""A reader whose reducer runs in a browser, on a line to the real server that loses, doubles and shuffles both ways.

What answers is what the socket's handler calls: the topics' catching up and rendering, and the writer's verbs.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from playwright.sync_api import Page

from kefu.conversations import topics
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import SayFrame
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import earlier, snapshot, topic_of
from kefu.conversations.tests.factories import make_client_id
from kefu.conversations.together import Led, Spoken, draw_stale, say_together
from kefu.conversations.verbs.say import Stale
from kefu.journal.models import Entry
from kefu.realtime.frames import Watch
from kefu.realtime.people import Person
from kefu.realtime.tests.clients import outgoing_of
from kefu.realtime.topics import Listened
from kefu.realtime.verbs import decode
from tests.protocol import check_said, check_told

Frame = dict[str, Any]
BEGIN = """async () => {
    const reducer = await import("/static/conversations/reducer.js");
    window.threads = {};
    window.begin = (name, ref, audience) => { threads[name] = reducer.begin({ ref, audience }); };
    window.take = (name, frames, now) => {
        const asks = [];
        for (const frame of frames) {
            const next = reducer.reduce(threads[name], frame, now);
            threads[name] = next.state;
            asks.push(...next.asks);
        }
        const { seq, from, earlier, unsent } = threads[name];
        return { asks, seq, from, earlier, unsent, spoken: reducer.spoken(threads[name]) };
    };
    window.shown = (name) => {
        const state = threads[name];
        const lines = reducer.lines(state);
        const mine = lines.flatMap(({ message }) => (message?.mine ? [message] : []));
        return { lines, head: state.head, fates: mine.map((message) => reducer.fate(state, message)) };
    };
}"""
MOST_ROUNDS = 300


class Reader:
    """`coming` is on its way from the server and `going` to it. Times are the reader's own, in milliseconds."""

    def __init__(self, page: Page, conversation: Conversation, person: Person, audience: Audience) -> None:
        self.page, self.conversation, self.person, self.audience = page, conversation, person, audience
        self.name = f"{conversation.ref}/{audience}"
        self.topic = topic_of(conversation.ref, audience)
        self.listened = Listened([self.topic])
        self.coming: list[Frame] = []
        self.going: list[Frame] = []
        self.written: set[str] = set()
        self.given_up: set[str] = set()
        self.now = 0
        self.told = 0
        # Whether something never came on this line; a reader learns of it by what comes next, or by a new line.
        self.has_missed = False
        page.evaluate(
            "([name, ref, audience]) => begin(name, ref, audience)", [self.name, conversation.ref, audience]
        )
        self.connect()

    def take(self, *frames: Frame) -> None:
        self.state = self.page.evaluate(
            "([name, frames, now]) => take(name, frames, now)", [self.name, frames, self.now]
        )
        self.going += self.state["asks"]

    def write(self, text: str, visibility: str) -> None:
        client_id = make_client_id()
        self.written.add(client_id)
        is_reply = self.audience == Audience.STAFF and visibility == "customer"
        spoken_seq = self.state["spoken"] if is_reply else None
        words = {"client_id": client_id, "text": text, "visibility": visibility, "spoken_seq": spoken_seq}
        self.take({"type": "write", "at": "2026-11-23T06:00:00Z", **words})

    def hear(self, place: int, *, again: bool) -> None:
        """One of those on the way, whichever; perhaps it comes once more."""
        place %= len(self.coming)
        self.take(self.coming[place] if again else self.coming.pop(place))

    def say(self, place: int, *, again: bool) -> None:
        place %= len(self.going)
        self.coming += self.answers(self.going[place] if again else self.going.pop(place))

    def lose(self, place: int, *, is_coming: bool) -> None:
        line = self.coming if is_coming else self.going
        if line:
            line.pop(place % len(line))
            self.has_missed = self.has_missed or is_coming

    def tail(self) -> None:
        """What the server's tail would send of all that happened since the last look."""
        entries = list(Entry.objects.filter(pk__gt=self.told).order_by("pk"))
        if entries:
            self.told = entries[-1].pk
            self.coming += [_read(one.frame) for one in outgoing_of(entries, self.listened)]

    def connect(self) -> None:
        """A new line: what was on the old one is gone, and the hello says what the reader has."""
        self.coming, self.going = [one for one in self.coming if one["type"] == "older"], []
        self.has_missed = False
        self.listened.add(self.topic)
        self.take({"type": "closed"})
        after = self.state["seq"]
        self.told = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        missed = self.answers({"type": "watch", "topic": self.topic, "after": after})
        you = {"kind": self.person.kind, "id": self.person.id, "name": self.person.name}
        self.take({"type": "hello", "protocol": 1, "you": you})
        self.coming += missed

    def scroll_up(self) -> None:
        """Ask for a page of history; it comes when it comes, by a road of its own."""
        page = earlier(self.conversation, self.audience, self.state["from"])
        self.coming.append(
            {"type": "older", "before": self.state["from"], "as_of": self.state["seq"], **page}
        )

    def wait(self, milliseconds: int) -> None:
        self.now += milliseconds
        self.take({"type": "tick"})

    def answers(self, ask: Frame) -> list[Frame]:
        check_said(ask)
        said = decode(json.dumps(ask))
        if isinstance(said, Watch):
            missed = topics.catch_up(self.person, said.topic, said.after)
            assert missed is not None
            return [_read(frame) for frame in missed]
        assert isinstance(said, SayFrame)
        with transaction.atomic():
            (answer,) = say_together([Spoken(self.person, said)])
        if isinstance(answer, Led):
            self.listened.note(self.topic, answer.place)
            answer = answer.frame
        return [_read(draw_stale(said, answer.spoken_seq) if isinstance(answer, Stale) else answer)]

    def settle(self) -> None:
        """A good line, but that the last comes first, until there is nothing left to say or to hear."""
        if self.has_missed:
            self.connect()
        for _ in range(MOST_ROUNDS):
            self.tail()
            if self.coming:
                self.hear(-1, again=False)
            elif self.going:
                self.say(0, again=False)
            elif self.state["unsent"]:
                self._decide()
                self.wait(20_000)
            elif self.state["seq"] == snapshot(self.conversation, self.audience)["seq"]:
                return
            else:
                self.wait(20_000)
        raise AssertionError(f"{self.name} never came to rest: {self.state}")

    def _decide(self) -> None:
        """Whoever wrote what was held back sends it all the same; what was refused is given up."""
        for entry in self.state["unsent"]:
            if entry["state"] == "stale":
                self.take(
                    {"type": "retry", "client_id": entry["client_id"], "spoken_seq": entry["spoken_seq"]}
                )
            elif entry["state"] == "failed":
                self.given_up.add(entry["client_id"])
                self.take({"type": "drop", "client_id": entry["client_id"]})

    def thread(self) -> Frame:
        """What the browser draws: events and messages by place, the head, and how far one's own messages have come."""
        shown = self.page.evaluate("(name) => shown(name)", self.name)
        return {
            "events": [_line(line) for line in shown["lines"]],
            "head": shown["head"],
            "fates": shown["fates"],
        }

    def truth(self) -> Frame:
        """The same of a page that is opened now, from where the reader's thread begins."""
        page = snapshot(self.conversation, self.audience)
        events, is_more = list(page["events"]), page["earlier"]
        while is_more:
            older = earlier(self.conversation, self.audience, events[0]["seq"])
            events, is_more = [*older["events"], *events], older["earlier"]
        drawn = json.loads(json.dumps([one for one in events if one["seq"] >= self.state["from"]]))
        mine = [one["message"] for one in drawn if one["kind"] == "message" and one["message"]["mine"]]
        fates = [_fate(one, page["cursors"]) for one in mine]
        return {"events": drawn, "head": page["head"], "fates": fates}


def _fate(message: Frame, cursors: Any) -> str:
    """That somebody has seen words of their own side as well changes nothing for anybody, and is not told."""
    if any(one["seen"] >= message["seq"] for one in cursors):
        return "seen"
    return "delivered" if any(one["delivered"] >= message["seq"] for one in cursors) else "sent"


def _read(raw: bytes) -> Frame:
    frame: Frame = json.loads(raw)
    check_told(frame)
    return frame


def _line(line: Frame) -> Frame:
    """As an event: where the reducer has put it, and how fresh it is, are its own affair."""
    if line["kind"] == "message":
        return {"seq": line["place"], "kind": "message", "at": line["at"], "message": line["message"]}
    return {key: value for key, value in line.items() if key not in {"place", "asOf"}}
