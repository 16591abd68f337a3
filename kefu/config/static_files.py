"""Files of our own pages, from the folder where they were collected: hashed names, compressed, kept for ever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI

from kefu.config.adapter import Adapter
from kefu.config.adapter.asgi_types import Receive, Scope, Send
from kefu.config.adapter.peer import Peer
from kefu.config.adapter.refusals import ClientGone, TooSlow
from kefu.config.adapter.sending import Outgoing
from kefu.config.adapter.streams import send_file

Serve = Callable[[Scope, Receive, Send], Awaitable[None]]


class StaticFiles:
    """What is in the folder at the start is served, and nothing that comes later."""

    def __init__(self, root: Path, *, prefix: str, adapter: Adapter) -> None:
        self.adapter = adapter
        self.files: dict[str, Any] = {}
        if root.is_dir():
            self.files = ServeStaticASGI(
                None,
                root=root,
                prefix=prefix,
                allow_all_origins=False,
                add_headers_function=lambda headers, *_: headers.add_header(
                    "X-Content-Type-Options", "nosniff"
                ),
            ).files

    def find(self, path: str) -> Serve | None:
        file = self.files.get(path)
        return partial(self.serve, file) if file is not None else None

    async def serve(self, file: Any, scope: Scope, receive: Receive, send: Send) -> None:
        """servestatic chooses the encoding and the head; we send, at the client's pace."""
        with self.adapter.streams.lend() as thread:
            answer = await thread.call(file.get_response, scope["method"], _asked(scope))
            outgoing = Outgoing(send, self.adapter.limits)
            peer = Peer(receive)
            try:
                headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers if value]
                await outgoing.start(int(answer.status), headers)
                if answer.file is None:
                    await outgoing.piece(b"", more=False)
                else:
                    await send_file(answer.file.read, thread, peer, outgoing)
            except (ClientGone, TooSlow):
                return
            finally:
                peer.stop_watching()
                if answer.file is not None:
                    thread.forget(answer.file.close)


def _asked(scope: Scope) -> dict[str, str]:
    # The names under which servestatic looks for what was asked, as WSGI has them.
    asked = {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
        for name, value in scope["headers"]
    }
    return asked | {"QUERY_STRING": scope["query_string"].decode("latin-1")}
