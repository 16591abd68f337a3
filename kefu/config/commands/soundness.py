"""What `kefu check` looks at: folder, keys, database, migrations, full-text search, rings, ledger."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kefu.config.running import folder, preflight
from kefu.config.running.refusal import Refusal
from kefu.exchange.ledger import NotLoaded, load
from kefu.journal.rings.bell import way_of_settings
from kefu.journal.rings.trial import is_heard


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what is wrong with it; nothing when it is good."""

    about: str
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return not self.problem

    def __str__(self) -> str:
        return f"{'ok ' if self.is_good else 'BAD'}  {self.about}{': ' if self.problem else ''}{self.problem}"


def data_folder() -> Finding:
    try:
        folder.make(settings.DATA_DIR)
    except Refusal as refusal:
        return Finding("data folder", str(refusal))
    return Finding("data folder")


def keys() -> Finding:
    """Keys are for their owner only, the folder as well as the files in it."""
    top = settings.DATA_DIR / "keys"
    open_ones = [path.name for path in (top, *sorted(top.iterdir())) if is_open_to_others(path)]
    if open_ones:
        return Finding("keys", f"others can read {', '.join(open_ones)}; run chmod -R go= {top}")
    return Finding("keys")


def is_open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def database() -> Finding:
    return _as_finding(f"database ({connection.vendor})", preflight.require_database)


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Finding("migrations", f"{len(missing)} not applied; restart bin/kefu serve.")
    return Finding("migrations")


def full_text() -> Finding:
    """FTS5 is part of nearly every SQLite, but not of every one."""
    with sqlite3.connect(":memory:") as trial:
        try:
            trial.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.OperationalError:
            return Finding("full-text search", "this Python's SQLite lacks FTS5; use another Python.")
    return Finding("full-text search")


def rings() -> Finding:
    """How processes wake each other, tried once. Behind a pooler that is not in session mode all else looks well."""
    about = f"rings ({way_of_settings()})"
    found = _as_finding(about, preflight.require_redis)
    if found.problem or is_heard():
        return found
    return Finding(about, "Processes do not hear each other; a pooler of PostgreSQL must be in session mode.")


def ledger() -> Finding:
    """The platform's own code, which is loaded when the first deposit is looked up, and here."""
    try:
        if settings.LEDGER:
            load(settings.LEDGER)
    except NotLoaded as problem:
        return Finding("ledger", f"KEFU_LEDGER can't be loaded. {problem}")
    return Finding("ledger")


def _as_finding(about: str, require: Callable[[], None]) -> Finding:
    try:
        require()
    except Refusal as refusal:
        return Finding(about, str(refusal))
    return Finding(about)


LOOKS: tuple[Callable[[], Finding], ...] = (data_folder, keys, database, migrations, full_text, rings, ledger)
