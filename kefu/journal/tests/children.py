"""Other processes for tests: `start(module)` runs one that begins with `become_child()`, on the test's database."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

DEADLINE = 20.0


class Child:
    """A running process; `hear()` gives the next line it printed."""

    def __init__(self, module: str, **options: Any) -> None:
        given = {"database": str(connection.settings_dict["NAME"])} | options
        command = [sys.executable, "-m", module, json.dumps(given)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def hear(self, *, seconds: float = DEADLINE) -> str:
        return self.lines.get(timeout=seconds)

    def hears_nothing(self, *, seconds: float) -> bool:
        try:
            self.lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def tell(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Its code after SIGTERM."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        code = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()
        return code

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.wait()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.strip())


def become_child() -> dict[str, Any]:
    """Take over the test's settings; the options that the test has given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.config.testing")
    options: dict[str, Any] = json.loads(sys.argv[1])
    settings.DATABASES["default"]["NAME"] = options["database"]
    for name, value in options.get("settings", {}).items():
        setattr(settings, name, value)
    if "data" in options:
        settings.DATA_DIR = Path(options["data"])
    django.setup()
    return options


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - the parent reads it
