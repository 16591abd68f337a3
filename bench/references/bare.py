"""The limit: the product's server library alone. What is said is read, acknowledged and passed on, and stored nowhere.

JSON is read and written by the standard library, as in the measurement from which the gates were set.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from bench.references.serving import Receive, Scope, Send, arguments, serve

# Said by one socket, it gives each other socket a frame of its own.
WAKE = '{"type":"wake"}'


class Bare:
    def __init__(self) -> None:
        self._sockets: dict[int, Send] = {}
        self._listening: defaultdict[str, set[Send]] = defaultdict(set)

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sockets[id(send)] = send
        try:
            while (said := await receive())["type"] != "websocket.disconnect":
                await self._answer(json.loads(said["text"]), send)
        finally:
            del self._sockets[id(send)]
            for listening in self._listening.values():
                listening.discard(send)

    async def _answer(self, frame: dict[str, Any], send: Send) -> None:
        match frame["type"]:
            case "say":
                await self._pass_on(frame, send)
            case "hello":
                for cursor in frame["watch"]:
                    await self._watch(cursor["topic"], send)
            case "watch":
                await self._watch(frame["topic"], send)
            case "ping":
                await tell(send, {"type": "pong"})
            case "wake":
                await self._wake_all_but(send)

    async def _pass_on(self, frame: dict[str, Any], send: Send) -> None:
        message = {"client_id": frame["client_id"], "text": frame["text"]}
        await tell(
            send, {"type": "ack", "client_id": frame["client_id"], "ref": frame["ref"], "message": message}
        )
        topic = f"conversation:{frame['ref']}/staff"
        events = {"type": "events", "topic": topic, "events": [{"kind": "message", "message": message}]}
        for listener in self._listening.get(topic, ()):
            await tell(listener, events)

    async def _watch(self, topic: str, send: Send) -> None:
        """Customers hear nothing but what is said to them alone."""
        if not topic.endswith("/customer"):
            self._listening[topic].add(send)
        await tell(send, {"type": "resync", "topic": topic})

    async def _wake_all_but(self, one: Send) -> None:
        for place, send in enumerate(tuple(self._sockets.values())):
            if send is not one:
                await tell(send, {"type": "events", "place": place})


async def tell(send: Send, frame: dict[str, Any]) -> None:
    await send({"type": "websocket.send", "text": json.dumps(frame)})


def main() -> None:
    chosen = arguments("A server that stores nothing.").parse_args()
    serve(Bare(), port=chosen.port, core=chosen.core)


if __name__ == "__main__":
    main()
