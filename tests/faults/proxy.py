"""The line between clients and product: it can be cut, and it can swallow what the product answers."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

PIECE = 64 * 1024


@dataclass(eq=False)
class Wire:
    """One connection: what the client writes goes on, what the product answers comes back unless it is swallowed."""

    client: asyncio.StreamWriter
    product: asyncio.StreamWriter
    swallows: bool = False

    def cut(self) -> None:
        """Without a goodbye; both ends notice at once, or when they next write."""
        for end in (self.client, self.product):
            end.transport.abort()


class Proxy:
    """Listens on a port of its own and passes everything on."""

    def __init__(self, port: int) -> None:
        self.wires: set[Wire] = set()
        self._product_port = port
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """The port that it listens on."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for wire in list(self.wires):
            wire.cut()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _connect(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        # Cancelled by nobody but us, or asyncio's streams complain.
        passing = asyncio.create_task(self._pass(from_client, to_client))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)

    async def _pass(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            from_product, to_product = await asyncio.open_connection("127.0.0.1", self._product_port)
        except OSError:
            to_client.transport.abort()
            return
        wire = Wire(to_client, to_product)
        self.wires.add(wire)
        both = [
            asyncio.create_task(_pass_on(from_client, to_product)),
            asyncio.create_task(_pass_back(from_product, wire)),
        ]
        try:
            # When one end has gone, so has the other.
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.wires.discard(wire)
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            for end in (to_client, to_product):
                with contextlib.suppress(OSError):
                    end.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()


async def _pass_back(source: asyncio.StreamReader, wire: Wire) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(PIECE):
            if not wire.swallows:
                wire.client.write(piece)
                await wire.client.drain()
