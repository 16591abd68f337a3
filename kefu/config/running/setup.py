"""Django, set up for one command; what can't be used is said in one sentence."""

from __future__ import annotations

from pathlib import Path

import django

from kefu.config.running import folder, preflight
from kefu.config.running.refusal import Refusal


def set_up(data: Path) -> None:
    """Raises Refusal when the folder or the database can't be used, or was never prepared."""
    folder.make(data)
    django.setup()
    preflight.require_database()
    if preflight.migrations_taken() < 0:
        raise Refusal("This data folder is not prepared yet; start bin/kefu serve once.")
