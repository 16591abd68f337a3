"""Videos stay as they are, but for what phones write beside them: where, when and with what they were taken.

In MP4 and QuickTime that stands in boxes of its own (ISO/IEC 14496-12, 8.10 and 8.11; QuickTime's `udta`), which are made
free space of the same length, so that nothing else moves. WebM's tags are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kefu.safety.files.kinds import BadFile, Problem

HEADER, LARGE_HEADER = 8, 16
PARENTS = {b"moov", b"trak", b"mdia", b"minf"}
TELLING = {b"udta", b"meta", b"uuid"}
# A screen recorder may begin a fragment every second for hours; so many boxes are read in half a second.
MOST_BOXES = 200_000
ZEROS = bytes(64 * 1024)


@dataclass(frozen=True)
class Box:
    """`start` is where its header begins, `body` where its content does."""

    kind: bytes
    start: int
    body: int
    end: int


def clean_video(path: Path) -> None:
    """Forget in place what the file tells of its maker. Raises BadFile if it is no such file inside."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        counted = 0
        waiting = [(0, size)]
        while waiting:
            for box in _boxes(file, *waiting.pop()):
                counted += 1
                if counted > MOST_BOXES:
                    raise BadFile(Problem.BROKEN)
                if box.kind in TELLING:
                    _forget(file, box)
                elif box.kind in PARENTS:
                    waiting.append((box.body, box.end))


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    while start + HEADER <= end:
        file.seek(start)
        head = file.read(LARGE_HEADER)
        length, kind, body = int.from_bytes(head[:4]), head[4:8], start + HEADER
        if length == 1:
            length, body = int.from_bytes(head[8:16]), start + LARGE_HEADER
        elif length == 0:
            length = end - start
        if body > start + length or start + length > end:
            raise BadFile(Problem.BROKEN)
        yield Box(kind, start, body, start + length)
        start += length


def _forget(file: IO[bytes], box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    file.seek(box.body)
    left = box.end - box.body
    while left > 0:
        left -= file.write(ZEROS[:left])
