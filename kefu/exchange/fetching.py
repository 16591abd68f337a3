"""Getting a key set from the platform: from that address alone, soon or not at all."""

from __future__ import annotations

import http.client
import ssl
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

# For connecting and for each piece that comes; and for everything together, names looked up included.
STEP_SECONDS, ALL_SECONDS = 2.0, 4.0
LARGEST = 64 * 1024
OK = 200


class NotFetched(RuntimeError):
    """There was no answer, a late one, a large one, or one that sends us elsewhere."""


def fetch(url: str) -> bytes:
    """Raises NotFetched. A server that sends a byte now and then is left waiting, not waited for."""
    answers: SimpleQueue[bytes | NotFetched] = SimpleQueue()
    Thread(target=lambda: answers.put(_answer(url)), daemon=True).start()
    try:
        answer = answers.get(timeout=ALL_SECONDS)
    except Empty:
        raise NotFetched("no answer in time") from None
    if isinstance(answer, NotFetched):
        raise answer
    return answer


def _answer(url: str) -> bytes | NotFetched:
    try:
        return _get(url)
    except NotFetched as problem:
        return problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return NotFetched(type(problem).__name__)


def _get(url: str) -> bytes:
    """http.client follows no redirect, and neither do we."""
    parts = urlsplit(url)
    with closing(_connection(parts.scheme, parts.hostname or "", parts.port)) as connection:
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        connection.request("GET", path, headers={"Accept": "application/json", "User-Agent": "Kefu"})
        with connection.getresponse() as response:
            if response.status != OK:
                raise NotFetched(f"status {response.status}")
            body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise NotFetched("too large")
    return body


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=STEP_SECONDS, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
