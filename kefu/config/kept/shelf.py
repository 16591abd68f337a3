"""Where pages are kept: at most so many bytes; what nobody has asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from kefu.config.kept.answers import Kept

# A page takes more than its bytes: its headers, its key, and its places in the tables.
BESIDES = 2_048


class Key(NamedTuple):
    """What tells pages apart. The language is in the path, and encodings are kept together under one key."""

    brand_id: int
    path: str
    query: tuple[tuple[str, str], ...] = ()


class Shelf:
    """Used on the event loop's thread only."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: OrderedDict[Key, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Key, at: float) -> Kept | None:
        """The page, if it still holds at this moment of the loop's clock."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.until <= at:
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: Kept) -> None:
        """Keep it; a page that would take a quarter of the place is not kept at all."""
        self._drop(key)
        size = _size(page)
        if size * 4 > self.most_bytes:
            return
        self._pages[key] = page
        self.bytes += size
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._pages)))

    def forget(self, brand_id: int | None) -> None:
        """All pages of a brand; None for those of all brands."""
        for key in [key for key in self._pages if brand_id in {None, key.brand_id}]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= _size(page)


def _size(page: Kept) -> int:
    return page.size + BESIDES
