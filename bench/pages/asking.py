"""The load: wrk on its own core, asking for one page again and again over open connections."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bench import machine

CONNECTIONS = 32
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


@dataclass(frozen=True)
class Page:
    """One address with the headers that a reader sends along."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def fetch(self) -> tuple[int, dict[str, str], bytes]:
        """Its status, head and body as they come over the wire."""
        parts = urlsplit(self.url)
        connection = HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", parts.path, headers=self.headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def with_headers(self, **more: str) -> Page:
        named = {name.replace("_", "-").title(): value for name, value in more.items()}
        return Page(self.url, self.headers | named)


def requests_per_second(page: Page, *, core: int, seconds: int) -> float:
    """How many are answered a second. Raises NotMeasurable if any is refused or broken off."""
    words = [word for name, value in page.headers.items() for word in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        ["taskset", "-c", str(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *words, page.url],
        capture_output=True,
        text=True,
        check=False,
    )
    found, failed = RATE.search(done.stdout), FAILED.search(done.stdout)
    if found is None or failed is not None:
        raise machine.NotMeasurable(
            f"{page.url} was not answered as it should be:\n{done.stdout}{done.stderr}"
        )
    return float(found[1])
