"""An operator's shell on a product's own database that stays open, so that a line costs a moment and no start of Django."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

CLOSED_WITHIN = 30
# Between two lines no database is held open, and no name is kept: each begins as in a shell of its own.
LISTENS = """
import contextlib, io, json, sys, traceback
from django.db import connections
names = dict(globals())
for line in sys.stdin:
    said, fault = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), dict(names))
    except BaseException:
        fault = traceback.format_exc()
    connections.close_all()
    print(json.dumps([said.getvalue(), fault]), flush=True)
"""


class Console:
    """Runs what it is given in the product's own settings; `program` is how its commands begin."""

    def __init__(self, program: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [*program, "django", "shell", "-v", "0", "-c", LISTENS],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, code: str) -> str:
        """What it prints. Raises AssertionError with the fault that ended it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "The console has ended."
        said, fault = json.loads(answer)
        assert not fault, f"{said}{fault}"
        return str(said)

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(CLOSED_WITHIN)
        self.process.stdout.close()
