"""What the index does when something was said in the journal; `config/wiring.py` has both in its table."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kefu.journal.models import Entry
from kefu.search.actions import index_things
from kefu.search.registry import sources, sources_of


class FollowedKinds(Collection[str]):
    """The kinds of events that change what can be found; asked of the registry each time, because rooms register late."""

    def __contains__(self, kind: object) -> bool:
        return any(kind in source.kinds for source in sources())

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({kind for source in sources() for kind in source.kinds}))

    def __len__(self) -> int:
        return len(list(iter(self)))


def followed_kinds() -> Collection[str]:
    return FollowedKinds()


def follow(entry: Entry) -> None:
    """Index the thing that this entry speaks of. Doing it twice, or late, writes what is true now."""
    if entry.subject_id is None:
        return
    for source in sources_of(entry.kind):
        index_things(source=source, object_ids=[entry.subject_id])
