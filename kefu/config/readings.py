"""The meters of all web processes on this machine: each keeps its own in a small file, whichever is asked reads them all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from kefu.background import meters

log = logging.getLogger("kefu.metrics")
KEEPS_EVERY = 5.0
# A process that is stopped or gone keeps nothing: what is older says nothing of now.
FRESH_FOR = 3 * KEEPS_EVERY
# Numbers start at nothing in each new process of this name; who adds up the figures knows how to take that.
process = "web-0"
# Who is asked keeps at once what else is kept every few seconds: both write the same file.
_keeping = threading.Lock()


def folder() -> Path:
    found: Path = settings.DATA_DIR / "metrics"
    return found


def keep() -> None:
    """Write this process's own as they stand; a reader sees a whole file or the one before."""
    with _keeping:
        folder().mkdir(mode=0o700, exist_ok=True)
        written = folder() / f"{process}.{os.getpid()}"
        written.write_text(json.dumps(meters.readings()))
        written.replace(folder() / f"{process}.json")


def all_kept() -> dict[str, dict[str, Any]]:
    """By process, all whose figures are fresh; files of the others are removed."""
    found = {}
    for path in sorted(folder().iterdir()):
        with contextlib.suppress(OSError, ValueError):
            if time.time() - path.stat().st_mtime > FRESH_FOR:
                path.unlink()
            elif path.suffix == ".json":
                found[path.stem] = json.loads(path.read_text())
    return found


async def keep_for_ever() -> None:
    is_said = False
    while True:
        try:
            await asyncio.to_thread(keep)
            is_said = False
        except Exception:
            # A full disk must not end the process; the next one asked shows what it still has.
            if not is_said:
                log.exception("figures_not_kept")
            is_said = True
        await asyncio.sleep(KEEPS_EVERY)
