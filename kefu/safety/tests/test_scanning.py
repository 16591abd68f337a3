"""ClamAV: clean, harmful, too large for it, and down, over TCP and over a Unix socket."""

from __future__ import annotations

import socket
import threading
from io import BytesIO
from pathlib import Path

import pytest

from kefu.safety.files.kinds import BadFile, Problem
from kefu.safety.files.scanning import CLAMD_PORT, Scanner, ScannerDown, scanner_at
from kefu.safety.tests.clamd import KNOWN_BAD, clamd


@pytest.mark.parametrize("by_path", [True, False])
def test_a_clean_file_passes_and_a_harmful_one_is_refused(tmp_path: Path, by_path: bool) -> None:
    with clamd(tmp_path / "clamd" if by_path else None) as address:
        scanner = scanner_at(address)

        scanner.look(BytesIO(b"a statement" * 20_000))
        scanner.look(BytesIO(b""))
        with pytest.raises(BadFile) as refused:
            scanner.look(BytesIO(b"x" * 100_000 + KNOWN_BAD))

    assert refused.value.problem is Problem.HARMFUL


def test_what_is_too_large_for_the_scanner_is_refused(tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd") as address, pytest.raises(BadFile) as refused:
        scanner_at(address).look(BytesIO(bytes(8_000_000)))

    assert refused.value.problem is Problem.TOO_LARGE_TO_SCAN


def test_a_scanner_that_is_not_there_is_down(tmp_path: Path) -> None:
    with pytest.raises(ScannerDown):
        Scanner(path=str(tmp_path / "nobody")).look(BytesIO(b"x"))


@pytest.mark.parametrize(
    "says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n\0", b"stream: lstat() failed. ERROR\0"]
)
def test_a_scanner_that_talks_nonsense_is_down_and_nothing_passes(says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(100_000)
                line.sendall(says)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        scanner = Scanner(host="127.0.0.1", port=listening.getsockname()[1])

        with pytest.raises(ScannerDown):
            scanner.look(BytesIO(b"x"))
        thread.join()


def test_an_address_names_a_socket_or_a_port() -> None:
    assert scanner_at("unix:/run/clamav/clamd.ctl") == Scanner(path="/run/clamav/clamd.ctl")
    assert scanner_at("unix:///run/clamav/clamd.ctl") == Scanner(path="/run/clamav/clamd.ctl")
    assert scanner_at("tcp://clamav:3311") == Scanner(host="clamav", port=3311)
    assert scanner_at("tcp://[::1]") == Scanner(host="::1", port=CLAMD_PORT)


@pytest.mark.parametrize(
    "address", ["", "clamd", "http://x:1", "unix:relative", "unix://host/path", "tcp://", "tcp://h:99999"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must"):
        scanner_at(address)
