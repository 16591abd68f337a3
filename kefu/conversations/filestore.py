"""Where the bytes of files lie: pieces on their way on this disk, what is kept in the storage called "files"."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

KEY = re.compile(r"[0-9a-f]{32}")
SMALL = ".small"
# Kept files lie in as many folders as two hexadecimal digits make, so that none holds too many.
FOLDER_DIGITS = 2


def incoming(key: str) -> Path:
    """Where the pieces of a file are put together."""
    return Path(settings.INCOMING_FILES) / key


@contextmanager
def turn_to_write(key: str) -> Iterator[IO[bytes]]:
    """The bytes of a file on its way, empty if there are none; whoever else would write them waits here until the end."""
    path = incoming(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        # Not lockf, which lets two threads of one process in together.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def write_piece(file: IO[bytes], offset: int, piece: bytes, *, is_last: bool) -> None:
    """Put a piece in its place; what lay behind it is gone. The last one is on the disk before this returns."""
    file.truncate(offset)
    file.seek(offset)
    file.write(piece)
    file.flush()
    if is_last:
        os.fsync(file.fileno())


def length_incoming(key: str) -> int:
    try:
        return incoming(key).stat().st_size
    except FileNotFoundError:
        return 0


def head_of(file: IO[bytes], length: int) -> bytes:
    file.seek(0)
    return file.read(length)


def keep(key: str, content: bytes | Path) -> tuple[int, str]:
    """Keep the bytes for good; their number and their SHA-256. Doing it again changes nothing."""
    if isinstance(content, bytes):
        _save(name_of(key), ContentFile(content))
        return len(content), hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        _save(name_of(key), File(file))
    return content.stat().st_size, digest


def keep_small(key: str, content: bytes) -> None:
    _save(name_of(key) + SMALL, ContentFile(content))


def open_kept(key: str, *, small: bool = False) -> IO[bytes]:
    """Raises FileNotFoundError."""
    return _storage().open(name_of(key) + (SMALL if small else ""), "rb")


def forget_incoming(key: str) -> None:
    incoming(key).unlink(missing_ok=True)


def forget(key: str) -> None:
    """Every byte of a file, on its way or kept."""
    forget_incoming(key)
    for name in (name_of(key), name_of(key) + SMALL):
        _storage().delete(name)


def all_keys() -> Iterator[str]:
    """The keys of all bytes that there are, a folder at a time."""
    folder = Path(settings.INCOMING_FILES)
    yield from (
        sorted(path.name for path in folder.iterdir() if KEY.fullmatch(path.name)) if folder.is_dir() else ()
    )
    storage = _storage()
    for place in range(16**FOLDER_DIGITS):
        inside = f"{place:0{FOLDER_DIGITS}x}"
        if storage.exists(inside):
            names = {name.removesuffix(SMALL) for name in storage.listdir(inside)[1]}
            yield from sorted(name for name in names if KEY.fullmatch(name))


def name_of(key: str) -> str:
    return f"{key[:FOLDER_DIGITS]}/{key}"


def _storage() -> Storage:
    return storages["files"]


def _save(name: str, content: File[bytes]) -> None:
    storage = _storage()
    storage.save(name, content)
    try:
        path = storage.path(name)
    except NotImplementedError:
        # Not a disk of ours, so it keeps its own promises.
        return
    with Path(path).open("rb") as file:
        os.fsync(file.fileno())
