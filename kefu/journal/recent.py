"""What this process has recorded, kept for the moment until its own tail takes it: nobody need read it again."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from kefu.journal.models import Entry

# A few batches' worth; a tail that is further behind reads them.
MOST = 1_024


class Recent:
    """Committed entries by id; safe from any thread. Without somebody who follows nothing is kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_followed = False
        self._entries: dict[int, Entry] = {}

    def keep(self, entries: Sequence[Entry]) -> None:
        """Call it after the commit, before the ring."""
        with self._lock:
            if not self._is_followed:
                return
            self._entries.update((entry.pk, entry) for entry in entries)
            while len(self._entries) > MOST:
                del self._entries[next(iter(self._entries))]

    def after(self, cursor: int, limit: int) -> tuple[list[Entry], bool]:
        """At most so many that follow this place with no id missing between, each given once, and whether these are all that
        are here. What is not behind the place has been read in another way, and is forgotten.
        """
        found: list[Entry] = []
        with self._lock:
            while len(found) < limit and (entry := self._entries.pop(cursor + 1, None)) is not None:
                found.append(entry)
                cursor += 1
            self._entries = {pk: entry for pk, entry in self._entries.items() if pk > cursor}
            return found, not self._entries

    def begin(self) -> None:
        """From now on a tail of this process follows."""
        self._is_followed = True

    def end(self) -> None:
        self._is_followed = False
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


recent = Recent()
