"""A double of ClamAV's daemon, transcribed from clamd(8), INSTREAM: it knows one bad string and has a size limit."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KNOWN_BAD = b"X5O!P%@AP-EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
STREAM_MAX = 1_000_000


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(self.rfile.read(4)):
            content += self.rfile.read(length)
            if len(content) > STREAM_MAX:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        answer = b"stream: Eicar-Test-Signature FOUND\0" if KNOWN_BAD in content else b"stream: OK\0"
        self.wfile.write(answer)


class _OnPath(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _OnPort(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def clamd(path: Path | None = None) -> Iterator[str]:
    """Listen on a Unix socket, or on a port of loopback; its address as KEFU_CLAMAV takes it."""
    server: Any = _OnPath(str(path), _Talk) if path else _OnPort(("127.0.0.1", 0), _Talk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
