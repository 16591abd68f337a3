"""SQLite's write-ahead log, in which pages stand as they were before something was erased."""

from __future__ import annotations

from django.db import connection

# Emptying holds the write lock while it waits for readers, so everybody who writes waits with it.
LONGEST_WAIT = 200


def empty_log() -> bool:
    """Write the log over into the database and cut it to nothing; whether that is done.

    It is not while somebody reads what was before, or writes: ask again later. Waits for `LONGEST_WAIT` milliseconds at
    most. Must not be called inside a transaction. With another database there is nothing to do.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = int(cursor.fetchone()[0])
        try:
            cursor.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, _frames, _written = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return not is_busy
