"""The installation's secret key: made once, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The key of this data folder; the first caller makes it, and two at once agree on one."""
    path = data / "keys" / "secret_key"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    # A link fails when the name is taken, so the first process wins and all read its key.
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()
