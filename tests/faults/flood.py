"""One customer who says hundreds of things at once: limited, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.faults.crowd import Crowd, until, write

SOCKETS, EACH = 6, 60
# As `conversations/together.py` has it; a flood may fall into two windows.
ALLOWED = 2 * 30
ANSWERED_WITHIN, OTHERS_WITHIN = 60.0, 20.0


@dataclass
class Flooder:
    """`acked` are the client ids of what was taken, `told` the codes of what was not."""

    port: int
    ref: str
    cookie: str
    acked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    async def flood(self, crowd: Crowd) -> None:
        """While it goes on each other customer says something, which is taken."""
        flooding = [asyncio.create_task(self._pour(number)) for number in range(SOCKETS)]
        await until(lambda: self.told, ANSWERED_WITHIN, "the flood is limited")
        heard = crowd.acked
        for customer in crowd.customers:
            (reading,) = customer.readings
            write(customer, reading, f"{reading.ref} 洪水中的一句", "customer")
        everybody = heard + len(crowd.customers)
        await until(lambda: crowd.acked == everybody, OTHERS_WITHIN, "others are heard during a flood")
        async with asyncio.timeout(ANSWERED_WITHIN):
            await asyncio.gather(*flooding)
        assert not any(client.told for client in crowd.clients), "others were refused during a flood"
        assert 0 < len(self.acked) <= ALLOWED, f"{len(self.acked)} of a flood were taken"
        assert set(self.told) <= {"too_many", "busy"}, Counter(self.told)

    async def _pour(self, number: int) -> None:
        """Everything at once, then all the answers; what was refused is not said again."""
        origin = f"http://localhost:{self.port}"
        headers = {"Cookie": self.cookie}
        url = f"ws://localhost:{self.port}/ws/v1"
        async with connect(url, additional_headers=headers, origin=Origin(origin), proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "protocol": 1, "watch": []}))
            names = [f"fault-flood-{number}-{place}" for place in range(EACH)]
            for name in names:
                await socket.send(json.dumps(self._say(name)))
            while names:
                frame = json.loads(await socket.recv())
                if frame.get("client_id") in names:
                    names.remove(frame["client_id"])
                    self._hear(frame)

    def _say(self, name: str) -> dict[str, Any]:
        return {"type": "say", "ref": self.ref, "client_id": name, "text": f"{self.ref} 洪水 {name}"}

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "ack":
            self.acked.append(frame["client_id"])
        else:
            assert frame["retry_after_ms"] > 0
            self.told.append(frame["code"])
