"""Clients that are slow, stalled or gone, and a server that is full or told to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead
from pathlib import Path

import pytest
from websockets.sync.client import connect

from kefu.config.tests.adapter_client import Raw, Response, Served, serving, until

pytestmark = pytest.mark.slow
MIB = 1024 * 1024
STRICT = {"chunk_seconds": 0.6, "grace_seconds": 1.0, "least_rate": 2000, "waiting": 2, "uploads": 3}


@pytest.fixture(scope="module")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("patient")
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("strict")
    with serving(folder, limits=STRICT) as running:
        yield running


@pytest.fixture
def patient(patient_server: Served) -> Iterator[Served]:
    yield patient_server
    patient_server.close_connections()


@pytest.fixture
def strict(strict_server: Served) -> Iterator[Served]:
    yield strict_server
    strict_server.close_connections()
    # What a test left running must not fill the queue of the next one.
    until(lambda: strict_server.get("/hello").status == 200)


def seconds_for_a_page(served: Served) -> float:
    began = time.monotonic()
    assert served.get("/hello").status == 200
    return time.monotonic() - began


def test_a_file_comes_whole(patient: Served) -> None:
    before = patient.counts()

    assert len(patient.get("/file?mib=5").body) == 5 * MIB

    patient.grows("file closed", before)


@pytest.mark.parametrize(("query", "size"), [("number=3", 12), ("number=3&empty", 8), ("number=0", 0)])
def test_chunks_come_whole(patient: Served, query: str, size: int) -> None:
    before = patient.counts()

    assert len(patient.get(f"/chunks?{query}").body) == size

    patient.grows("generator ended", before, by=min(1, size))


def test_chunks_come_as_they_are_made(patient: Served) -> None:
    connection = patient.connect()
    began = time.monotonic()
    connection.ask("/chunks?number=4&pause=0.2")

    while connection.reader.readline() not in {b"4\r\n", b""}:
        pass

    assert time.monotonic() - began < 0.5
    connection.close()


def test_a_chunk_larger_than_a_piece_comes_whole(patient: Served) -> None:
    assert len(patient.get(f"/chunks?number=2&size={3 * MIB}").body) == 6 * MIB


def test_a_generator_speaks_its_view_s_language_on_one_stream_thread(patient: Served) -> None:
    lines = patient.get("/speaking").body.decode().splitlines()

    assert len(set(lines)) == 1
    assert lines[0].startswith("fr stream-")


def test_a_generator_that_breaks_in_the_middle_is_cut(patient: Served) -> None:
    before = patient.counts()

    with pytest.raises((OSError, IncompleteRead)):
        patient.get("/chunks?number=5&breaks_at=2")

    patient.grows("generator ended", before)


@pytest.mark.parametrize("path", ["/file?mib=50", f"/chunks?number=50&size={MIB}"])
def test_stalled_clients_take_neither_memory_nor_threads(patient: Served, path: str) -> None:
    before = patient.counts()
    for _ in range(2):
        patient.connect(buffer=4096).ask(path)

    assert seconds_for_a_page(patient) < 0.5
    assert patient.counts()["VmRSS"] - before["VmRSS"] < 8 * 1024


@pytest.mark.parametrize("path", ["/file?mib=50", "/chunks?number=500&size=4000&pause=0.02"])
def test_a_client_that_goes_in_the_middle_ends_its_stream(patient: Served, path: str) -> None:
    before = patient.counts()
    connection = patient.connect()
    connection.ask(path)
    assert connection.socket.recv(100)

    connection.close()

    patient.grows("generator ended" if "chunks" in path else "file closed", before)
    assert patient.counts().get("chunk", 0) - before.get("chunk", 0) < 100


def test_what_clients_abandoned_in_the_queue_is_not_begun(patient: Served) -> None:
    for _ in range(2):
        patient.connect().ask("/sleep?seconds=0.6&name=running")
    for _ in range(8):
        connection = Raw(patient.port)
        connection.ask("/sleep?seconds=0.6&name=abandoned")
        connection.close()

    assert seconds_for_a_page(patient) < 1.1
    assert "abandoned" not in patient.counts()


def test_pages_that_wait_for_another_s_machine_hold_no_other_page_up(tmp_path: Path) -> None:
    with serving(tmp_path, limits={"patient_paths": ["/sleep"]}) as served:
        began = time.monotonic()
        waiting = [served.connect() for _ in range(4)]
        for connection in waiting:
            connection.ask("/sleep?seconds=1.5")

        assert seconds_for_a_page(served) < 1
        assert all(connection.take().body == b"slept" for connection in waiting)
        assert time.monotonic() - began < 4


def test_what_programs_send_in_bulk_goes_one_by_one_and_holds_no_page_up(tmp_path: Path) -> None:
    with serving(tmp_path, limits={"bulk_paths": ["/sleep"]}) as served:
        began = time.monotonic()
        sending = [served.connect() for _ in range(3)]
        for connection in sending:
            connection.ask("/sleep?seconds=0.8")

        assert seconds_for_a_page(served) < 0.7
        assert all(connection.take().body == b"slept" for connection in sending)
        assert time.monotonic() - began > 2.4


def test_sockets_answer_while_all_threads_are_busy(patient: Served) -> None:
    sleeping = [patient.connect() for _ in range(20)]
    for connection in sleeping:
        connection.ask("/sleep?seconds=0.1")

    with connect(f"ws://127.0.0.1:{patient.port}/") as echo:
        worst = 0.0
        for number in range(50):
            began = time.monotonic()
            echo.send(str(number))
            assert echo.recv(timeout=5) == str(number)
            worst = max(worst, time.monotonic() - began)

    assert worst < 0.5
    assert all(connection.take().body == b"slept" for connection in sleeping)


def test_an_upload_that_stands_still_is_ended(strict: Served) -> None:
    connection = strict.connect()
    connection.ask("/upload", "Content-Length: 1000", method="POST", body=b"begun")

    refused = connection.take()

    assert (refused.status, refused["connection"]) == (408, "close")


def test_an_upload_of_a_few_bytes_a_second_is_ended(strict: Served) -> None:
    connection = strict.connect()
    connection.ask("/upload", "Content-Length: 1000", method="POST")
    began = time.monotonic()

    try:
        while time.monotonic() - began < 3:
            connection.send(b"a")
            time.sleep(0.1)
    except OSError:
        pass

    assert time.monotonic() - began < 3
    connection.close()


@pytest.mark.parametrize("path", ["/file?mib=50", f"/chunks?number=50&size={MIB}"])
def test_a_download_that_stands_still_is_ended(strict: Served, path: str) -> None:
    before = strict.counts()
    strict.connect(buffer=4096).ask(path)

    strict.grows("generator ended" if "chunks" in path else "file closed", before)
    until(lambda: strict.counts()["descriptors"] <= before["descriptors"])


def test_too_many_uploads_at_once_are_refused(strict: Served) -> None:
    for _ in range(3):
        strict.connect().ask("/upload", "Content-Length: 1000", method="POST", body=b"a")
    connection = strict.connect()
    connection.ask("/upload", "Content-Length: 4", method="POST", body=b"four")

    assert connection.take().status == 503


def test_the_uploads_of_one_network_leave_room_for_the_others(tmp_path: Path) -> None:
    with serving(tmp_path, limits={"uploads_of_one": 2}, proxies=["127.0.0.1"]) as served:

        def upload_from(address: str) -> Response:
            return served.get("/upload", f"X-Forwarded-For: {address}", method="POST", body=b"four")

        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::1"):
            stalled = ("Content-Length: 1000", f"X-Forwarded-For: {address}")
            served.connect().ask("/upload", *stalled, method="POST", body=b"a")
        until(lambda: upload_from("2001:db8:1:2::3").status == 429)

        assert upload_from("2001:db8:1:2::3")["retry-after"] == "2"
        assert upload_from("2001:db8:1:3::1").status == 200
        served.close_connections()
        until(lambda: upload_from("2001:db8:1:2::3").status == 200)


def test_a_full_queue_says_when_to_come_again(strict: Served) -> None:
    for _ in range(4):
        strict.connect().ask("/sleep?seconds=0.5")
        time.sleep(0.02)
    connection = strict.connect()
    connection.ask("/hello")
    refused = connection.take()

    assert (refused.status, refused["retry-after"]) == (503, "2")
    until(lambda: strict.get("/hello").status == 200)
    connection.ask("/hello")
    assert connection.take().body == b"hello"


def test_a_stranger_s_word_on_where_it_comes_from_is_ignored(strict: Served) -> None:
    found = strict.get("/facts", "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https").json

    assert found["meta"]["REMOTE_ADDR"] == "127.0.0.1"
    assert not found["is_secure"]
    assert not {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"} & set(found["meta"])


def test_what_runs_when_the_server_is_stopped_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path) as served, ThreadPoolExecutor(2) as two:
        answers = [two.submit(served.get, "/sleep?seconds=1") for _ in range(2)]
        time.sleep(0.3)
        served.process.send_signal(signal.SIGTERM)

        assert [answer.result().body for answer in answers] == [b"slept", b"slept"]
        assert served.process.wait(3) == -signal.SIGTERM


def test_a_view_that_goes_on_does_not_hold_the_stop_up(tmp_path: Path) -> None:
    with serving(tmp_path, graceful=1) as served:
        served.connect().ask("/sleep?seconds=12")
        time.sleep(0.2)
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(5) == -signal.SIGTERM
        assert time.monotonic() - began < 3
