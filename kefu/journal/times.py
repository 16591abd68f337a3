"""From moments to places in the journal, which has no index of times: ids rise with them, but where transactions overlap."""

from __future__ import annotations

from datetime import datetime, timedelta

from kefu.journal.models import Entry

# No transaction of ours lasts longer, so no id is further from its place than this.
OVERLAP = timedelta(seconds=10)


def first_id_since(at: datetime) -> int:
    """The least id that may have been recorded at this moment or later; some twenty look-ups by key."""
    return _first(at - OVERLAP)


def last_id_before(at: datetime) -> int:
    """The greatest id that may have been recorded before this moment."""
    return _first(at + OVERLAP) - 1


def _first(at: datetime) -> int:
    """The id of the first entry recorded at this moment or later, else one more than there are."""
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        # Ids may be missing, where a transaction was given up.
        found = (
            Entry.objects.filter(id__gte=middle, id__lt=high)
            .order_by("id")
            .values_list("id", "recorded_at")
            .first()
        )
        if found is None or found[1] >= at:
            high = middle
        else:
            low = found[0] + 1
    return low
