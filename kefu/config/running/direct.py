"""The product's end of a socket: what is said goes out in the moment it is said, past the steps that ASGI has between, and
the usual message of a page comes in past those of the library.

uvicorn's own way stays for all else: accepting, closing, pings, messages in several frames or that came in pieces, what
breaks the protocol, and frames for which the network has no room yet.
"""

from __future__ import annotations

import struct
from typing import Any

from websockets.frames import apply_mask  # type: ignore[attr-defined] # the fast one, where it was built
from websockets.protocol import State

from kefu.config.running.pings import Pinged
from kefu.realtime.connection import AT_ONCE, HEARD_AT_ONCE, TakeAtOnce

# A whole text frame from a server: FIN and the opcode, then the length in one, two or eight bytes (RFC 6455, 5.2).
TEXT, SHORT, LONG = 0x81, 126, 127
LONGEST_SHORT, LONGEST_LONG = 125, 0xFFFF
# What comes from a browser is masked: a bit beside the length says so, and four bytes follow it.
MASKED, MASK = 0x80, 4
# So many frames wait for the application before its sender must.
MOST_UNREAD = 4


class Direct(Pinged):
    """Gives its application `AT_ONCE` beside ASGI's `send`, as an extension of the scope."""

    _take_at_once: TakeAtOnce | None = None

    async def run_asgi(self) -> None:
        ours = {AT_ONCE: self.send_at_once, HEARD_AT_ONCE: self.hear_at_once}
        self.scope = {**self.scope, "extensions": ours}  # type: ignore[typeddict-item]
        await super().run_asgi()

    def hear_at_once(self, take: TakeAtOnce | None) -> None:
        """From now on ask this one first, before what has come is put where its application finds it."""
        self._take_at_once = take

    def data_received(self, data: bytes) -> None:
        begins = _text_begins(data)
        if not begins or len(data) - begins > self.config.ws_max_size or not self._is_between_frames():
            super().data_received(data)
            return
        text = apply_mask(data[begins:], data[begins - MASK : begins])
        # What is in the queue came before.
        if self._take_at_once and self.queue.empty() and not self.close_sent and self._take_at_once(text):
            return
        self.curr_msg_data_type = "text"
        self.frames = [text]
        self.send_receive_event_to_app()

    def _is_between_frames(self) -> bool:
        """Whether the library waits for a new message and has nothing of it yet."""
        conn = self.conn
        if conn.state is not State.OPEN or conn.current_size is not None:
            return False
        # Its reader is a generator within others; the innermost says what it waits for.
        waits: Any = conn.parser
        while waits.gi_yieldfrom is not None:
            waits = waits.gi_yieldfrom
        return bool(waits.__name__ == "at_eof")

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


def _text_begins(data: bytes) -> int:
    """Where the text begins if this is one whole, masked text frame and nothing else; else 0."""
    if len(data) < 2 + MASK or data[0] != TEXT:
        return 0
    length, begins = data[1] - MASKED, 2 + MASK
    if length == SHORT:
        length, begins = int.from_bytes(data[2:4], "big"), 4 + MASK
    elif not 0 <= length < SHORT:
        return 0
    return begins if begins + length == len(data) else 0
