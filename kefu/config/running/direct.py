"""The product's end of a socket: what is said goes out in the moment it is said, past the steps that ASGI has between.

uvicorn's own way stays for all else: accepting, closing, pings, and frames for which the network has no room yet.
"""

from __future__ import annotations

import struct

from websockets.protocol import State

from kefu.config.running.pings import Pinged
from kefu.realtime.connection import AT_ONCE

# A whole text frame from a server: FIN and the opcode, then the length in one, two or eight bytes (RFC 6455, 5.2).
TEXT, SHORT, LONG = 0x81, 126, 127
LONGEST_SHORT, LONGEST_LONG = 125, 0xFFFF
# So many frames wait for the application before its sender must.
MOST_UNREAD = 4


class Direct(Pinged):
    """Gives its application `AT_ONCE` beside ASGI's `send`, as an extension of the scope."""

    async def run_asgi(self) -> None:
        self.scope = {**self.scope, "extensions": {AT_ONCE: self.send_at_once}}  # type: ignore[dict-item]
        await super().run_asgi()

    def send_receive_event_to_app(self) -> None:
        # uvicorn's own stops reading after each frame and begins again with the next, which are two calls of the system.
        if self.read_paused or self.queue.qsize() >= MOST_UNREAD:
            super().send_receive_event_to_app()
            return
        self.read_paused = True
        super().send_receive_event_to_app()
        self.read_paused = False

    def send_at_once(self, frame: bytes) -> bool:
        """Whether the text is on its way; else it is to be sent as ASGI has it, which waits or fails."""
        if not self.writable.is_set() or self.conn.state is not State.OPEN or self.transport.is_closing():
            return False
        self.transport.write(_header(len(frame)) + frame)
        return True


def _header(length: int) -> bytes:
    if length <= LONGEST_SHORT:
        return bytes((TEXT, length))
    if length <= LONGEST_LONG:
        return struct.pack("!BBH", TEXT, SHORT, length)
    return struct.pack("!BBQ", TEXT, LONG, length)
