from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from kefu.background.beats import beat
from kefu.config.adapter import Adapter
from kefu.config.readiness import Readiness, is_ready
from kefu.config.router import Router, no_file, no_page
from kefu.config.static_files import StaticFiles

Sent = list[dict[str, Any]]


class House:
    """A router whose rooms only note who came."""

    def __init__(
        self, static: Callable[[str], Any] = lambda _: None, problems: list[str] | None = None
    ) -> None:
        self.seen: list[str] = []
        self.router = Router(
            pages=self.room("page"),
            static=static,
            socket=self.room("socket"),
            frames=self.room("frames"),
            metrics=self.room("metrics"),
            problems=self.tell(problems or []),
            start=self.note("start"),
            stop=self.note("stop"),
        )

    def room(self, name: str) -> Any:
        async def take(scope: Any, receive: Any, send: Any) -> None:
            self.seen.append(f"{name} {scope['path']}")

        return take

    def note(self, name: str) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            self.seen.append(name)

        return take

    def tell(self, problems: list[str]) -> Callable[[], Awaitable[list[str]]]:
        async def take() -> list[str]:
            return problems

        return take


def no_pages(*_: object) -> list[bytes]:
    raise AssertionError


async def ask(application: Any, kind: str, path: str = "/", **headers: str) -> Sent:
    sent: Sent = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    scope = {
        "type": kind,
        "path": path,
        "method": headers.pop("method", "GET"),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    await application(scope, receive, send)
    return sent


def get(application: Any, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent = asyncio.run(ask(application, "http", path, **headers))
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(message["body"] for message in sent[1:])


def test_a_process_for_sockets_only_says_so_wherever_a_page_would_be() -> None:
    status, _, body = get(no_page, "/zh-hans/chat/")

    assert (status, body) == (404, b"Only sockets are served here: /ws/v1 and /api/v1/frames.\n")
    assert no_file("/static/ui/tokens.css") is None


def test_starting_and_stopping_frame_the_life_of_the_process() -> None:
    house = House()
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    told: list[str] = []

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: dict[str, str]) -> None:
        told.append(message["type"])
        house.seen.append("told")

    asyncio.run(house.router({"type": "lifespan"}, receive, send))

    assert house.seen == ["start", "told", "stop", "told"]
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "https://LOCALHOST:8000", "https://kefu.example"]
)
@override_settings(CSRF_TRUSTED_ORIGINS=["https://kefu.example"])
def test_a_socket_opened_by_our_own_pages_is_let_in(origin: str) -> None:
    house = House()

    asyncio.run(ask(house.router, "websocket", "/ws/v1", host="localhost:8000", origin=origin))

    assert house.seen == ["socket /ws/v1"]


@pytest.mark.parametrize(
    ("path", "host", "origin"),
    [
        ("/ws/v2", "localhost", "http://localhost"),
        ("/ws/v1/", "localhost", "http://localhost"),
        ("/ws/v1", "localhost", ""),
        ("/ws/v1", "localhost", "null"),
        ("/ws/v1", "localhost", "https://evil.example"),
        ("/ws/v1", "localhost", "https://localhost.evil.example"),
        ("/ws/v1", "localhost", "http://localhost:81"),
        ("/ws/v1", "localhost", "ftp://localhost"),
        ("/ws/v1", "localhost", "http://[localhost"),
        # A foreign name that leads here is a foreign page.
        ("/ws/v1", "evil.example", "http://evil.example"),
        ("/ws/v1", "", "http://"),
    ],
)
def test_mallory_s_socket_is_refused(path: str, host: str, origin: str) -> None:
    house = House()

    sent = asyncio.run(ask(house.router, "websocket", path, host=host, origin=origin))

    assert house.seen == []
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("method", "origin", "status"),
    [
        ("POST", "http://localhost:8000", None),
        ("GET", "http://localhost:8000", 405),
        ("POST", "", 403),
        ("POST", "null", 403),
        ("POST", "https://evil.example", 403),
    ],
)
def test_frames_come_by_posts_of_our_own_pages_alone(method: str, origin: str, status: int | None) -> None:
    house = House()

    sent = asyncio.run(
        ask(house.router, "http", "/api/v1/frames", method=method, host="localhost:8000", origin=origin)
    )

    assert house.seen == ([] if status else ["frames /api/v1/frames"])
    assert [message["status"] for message in sent if "status" in message] == ([status] if status else [])


def test_health_is_answered_without_asking_anybody() -> None:
    house = House(problems=["database"])

    status, headers, body = get(house.router, "/healthz")

    assert (status, body, headers["content-length"]) == (200, b"ok\n", "3")
    assert house.seen == []


def test_who_is_ready_says_so() -> None:
    assert get(House().router, "/readyz")[::2] == (200, b"ready\n")


def test_who_is_not_ready_says_what_is_missing() -> None:
    status, headers, body = get(House(problems=["database", "worker"]).router, "/readyz")

    assert (status, body, headers["cache-control"]) == (503, b"database\nworker\n", "no-store")


def test_all_else_is_a_page() -> None:
    house = House()

    asyncio.run(ask(house.router, "http", "/zh-hans/"))
    asyncio.run(ask(house.router, "http", "/ws/v1"))

    assert house.seen == ["page /zh-hans/", "page /ws/v1"]


def test_an_answer_that_takes_too_long_is_a_problem_and_is_asked_for_once() -> None:
    asked: list[str] = []
    answer: asyncio.Future[list[str]]

    async def run(work: Callable[[], list[str]]) -> list[str]:
        asked.append("asked")
        return await answer

    async def both() -> list[list[str]]:
        nonlocal answer
        answer = asyncio.get_running_loop().create_future()
        readiness = Readiness(run, ask=list, seconds=0.01)
        late = list(await asyncio.gather(readiness.problems(), readiness.problems()))
        answer.set_result([])
        return [*late, await readiness.problems()]

    assert asyncio.run(both()) == [["deadline"], ["deadline"], []]
    assert asked == ["asked"]


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_and_a_followed_journal_nobody_is_ready() -> None:
    assert is_ready() == ["worker", "journal"]

    beat("worker-1")

    assert is_ready() == ["journal"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    script = b"export const word = 1;\n" * 200
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "icons.svg").write_bytes(b"<svg/>")
    (tmp_path / "ui" / "desk.0123456789ab.js").write_bytes(script)
    (tmp_path / "ui" / "desk.0123456789ab.js.gz").write_bytes(gzip.compress(script))
    (tmp_path / "ui" / "large.bin").write_bytes(bytes(300_000))
    return tmp_path


def get_static(folder: Path, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        adapter = Adapter(no_pages)
        adapter.start()
        try:
            await House(StaticFiles(folder, prefix="/static/", adapter=adapter).find).router(
                scope, receive, send
            )
        finally:
            adapter.stop()

    return get(serve, path, **headers)


def test_a_hashed_file_is_kept_for_ever(folder: Path) -> None:
    status, headers, body = get_static(folder, "/static/ui/desk.0123456789ab.js")

    assert (status, len(body)) == (200, 4600)
    assert headers["content-type"] == 'text/javascript; charset="utf-8"'
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_a_compressed_file_is_sent_as_it_lies(folder: Path) -> None:
    _, headers, body = get_static(folder, "/static/ui/desk.0123456789ab.js", accept_encoding="gzip, br")

    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert len(gzip.decompress(body)) == 4600


def test_an_unchanged_file_is_not_sent_again(folder: Path) -> None:
    etag = get_static(folder, "/static/ui/icons.svg")[1]["etag"]

    assert get_static(folder, "/static/ui/icons.svg", if_none_match=etag)[::2] == (304, b"")


def test_a_large_file_comes_whole_and_its_head_alone(folder: Path) -> None:
    assert len(get_static(folder, "/static/ui/large.bin")[2]) == 300_000

    status, headers, body = get_static(folder, "/static/ui/large.bin", method="HEAD")
    assert (status, headers["content-length"], body) == (200, "300000", b"")


def test_a_part_of_a_file_can_be_asked_for(folder: Path) -> None:
    assert get_static(folder, "/static/ui/icons.svg", range="bytes=1-3")[::2] == (206, b"svg")


def test_files_take_no_other_method(folder: Path) -> None:
    assert get_static(folder, "/static/ui/icons.svg", method="POST")[0] == 405


@pytest.mark.parametrize(
    "path", ["/static/../secret", "/static/ui/", "/static/none.css", "/ui/icons.svg", "/static//etc/passwd"]
)
def test_nothing_but_what_was_collected_is_a_file(folder: Path, path: str) -> None:
    (folder.parent / "secret").write_text("secret")
    adapter = Adapter(no_pages)

    assert StaticFiles(folder, prefix="/static/", adapter=adapter).find(path) is None


def test_without_a_folder_there_are_no_files(tmp_path: Path) -> None:
    adapter = Adapter(no_pages)

    assert StaticFiles(tmp_path / "none", prefix="/static/", adapter=adapter).files == {}
