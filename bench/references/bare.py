"""The limit: the product's server library alone. It gives back what it is given and stores nothing."""

from __future__ import annotations

from bench.references.serving import Receive, Scope, Send, arguments, serve

# Said by one socket, it gives each other socket a frame of its own.
WAKE = '{"type":"wake"}'


class Echo:
    def __init__(self) -> None:
        self._sockets: dict[int, Send] = {}

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sockets[id(send)] = send
        try:
            while (said := await receive())["type"] != "websocket.disconnect":
                if said["text"] == WAKE:
                    await self._wake_all_but(send)
                else:
                    await send({"type": "websocket.send", "text": said["text"]})
        finally:
            del self._sockets[id(send)]

    async def _wake_all_but(self, one: Send) -> None:
        for place, send in enumerate(tuple(self._sockets.values())):
            if send is not one:
                await send({"type": "websocket.send", "text": f'{{"type":"events","place":{place}}}'})


def main() -> None:
    chosen = arguments("A server that gives back what it is given.").parse_args()
    serve(Echo(), port=chosen.port, core=chosen.core)


if __name__ == "__main__":
    main()
