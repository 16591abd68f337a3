"""An optional look by ClamAV: its daemon's INSTREAM command (clamd(8)), over TCP or a Unix socket."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from kefu.safety.files.kinds import BadFile, Problem

PIECE = 64 * 1024
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 120.0
LONGEST_ANSWER = 4096
CLAMD_PORT = 3310


class ScannerDown(RuntimeError):
    """The scanner does not answer, or not in its own language; the file waits."""


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: a path, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0

    def look(self, file: IO[bytes]) -> None:
        """Returns if nothing is known against it. Raises BadFile or ScannerDown."""
        try:
            answer = self._ask(file)
        except OSError as problem:
            raise ScannerDown(type(problem).__name__) from None
        if answer.endswith("FOUND"):
            raise BadFile(Problem.HARMFUL)
        if "size limit exceeded" in answer:
            raise BadFile(Problem.TOO_LARGE_TO_SCAN)
        if answer != "stream: OK":
            raise ScannerDown("unexpected answer")

    def _ask(self, file: IO[bytes]) -> str:
        with self._connect() as line:
            line.sendall(b"zINSTREAM\0")
            try:
                while piece := file.read(PIECE):
                    line.sendall(len(piece).to_bytes(4) + piece)
                line.sendall(bytes(4))
            except (BrokenPipeError, ConnectionResetError):
                # It has answered in the middle, which it does when the file is too large for it.
                return _answer(line)
            return _answer(line)

    def _connect(self) -> socket.socket:
        if self.path:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(CONNECT_SECONDS)
                line.connect(self.path)
            except OSError:
                line.close()
                raise
        else:
            line = socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
        line.settimeout(ANSWER_SECONDS)
        return line


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def scanner_at(address: str) -> Scanner:
    """`tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`. Raises ValueError with a sentence for the operator."""
    try:
        parts = urlsplit(address)
        port = parts.port or CLAMD_PORT
    except ValueError:
        raise ValueError("must have a port from 1 to 65535") from None
    if parts.scheme == "unix" and not parts.netloc and Path(parts.path).is_absolute():
        return Scanner(path=parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.path in {"", "/"}:
        return Scanner(host=parts.hostname, port=port)
    raise ValueError("must be an address such as unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310")
