"""A line to a mail server that ends in time: a peer that drips one byte now and then renews every timeout of a socket."""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from typing import BinaryIO, cast

from kefu.mailroom.server import MailServer, Security


class WholeLines:
    """Reads answers a line at a time. One that breaks off says nothing: "250" may have become "250-" and a no after it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readline(self, most: int) -> bytes:
        line = self._file.readline(most)
        if line and len(line) < most and not line.endswith(b"\n"):
            raise ConnectionResetError("the line broke off")
        return line

    def close(self) -> None:
        self._file.close()


class Line(smtplib.SMTP):
    """`step_seconds` bound connecting and each silence; `ends_in` bounds everything from then on."""

    def __init__(
        self, server: MailServer, *, trust: ssl.SSLContext, step_seconds: float, ends_in: float
    ) -> None:
        self._server, self._trust, self._ends_in = server, trust, ends_in
        self._wire: socket.socket | None = None
        self._alarm: threading.Timer | None = None
        try:
            super().__init__(server.host, server.port, timeout=step_seconds)
        except BaseException:
            self.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Called by the library for its connection."""
        plain = socket.create_connection((host, port), timeout)
        # A handle of the alarm's own: TLS takes the first one away.
        self._wire = plain.dup()
        self.ends_in(self._ends_in)
        if self._server.security is Security.TLS:
            return self._trust.wrap_socket(plain, server_hostname=host)
        return plain

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = WholeLines(cast("BinaryIO", self.sock.makefile("rb")))
        return super().getreply()

    def ends_in(self, seconds: float) -> None:
        """The line is shut after this long, whatever is under way; asking again begins anew."""
        self._stop_alarm()
        self._alarm = threading.Timer(seconds, self._shut)
        self._alarm.daemon = True
        self._alarm.start()

    def is_quiet(self) -> bool:
        """Whether it is open and nothing came unasked; at the end of a letter anything that came means that it is over."""
        if self.sock is None:
            return False
        watch = select.poll()
        watch.register(self.sock, select.POLLIN)
        return not watch.poll(0)

    def wait_for_answer(self, seconds: float) -> None:
        """The next answer may take this long, and not longer."""
        self.ends_in(seconds)
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def close(self) -> None:
        self._stop_alarm()
        super().close()
        if self._wire is not None:
            self._wire.close()

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def _shut(self) -> None:
        with suppress(OSError):
            assert self._wire is not None  # noqa: S101 - the alarm is set once it is there
            self._wire.shutdown(socket.SHUT_RDWR)
