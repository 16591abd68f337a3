"""What the data folder was prepared for, so that a second start skips what is done."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kefu.config.running.choices import CHECKOUT, Choices

NAME = "prepared.json"
# What preparing makes, or never looks at.
PASSED_OVER_FOLDERS = {"__pycache__", "tests"}
PASSED_OVER_ENDINGS = (".pyc", ".mo")


@dataclass(frozen=True)
class Stamp:
    """A fingerprint of code, locale and static files, and how many migrations the database had taken."""

    fingerprint: str
    migrations: int


def read(data: Path) -> Stamp | None:
    try:
        return Stamp(**json.loads((data / NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(data: Path, stamp: Stamp) -> None:
    unfinished = data / f"{NAME}.{os.getpid()}"
    unfinished.write_text(json.dumps(asdict(stamp)))
    unfinished.replace(data / NAME)


def remove(data: Path) -> None:
    (data / NAME).unlink(missing_ok=True)


def is_prepared(choices: Choices, *, house: Path = CHECKOUT) -> bool:
    """Whether the folder was prepared by this very code for this very database. Reads files only."""
    found = read(choices.data)
    if found is None or found.fingerprint != fingerprint(choices, house=house):
        return False
    has_database = bool(choices.database_url) or (choices.data / "kefu.sqlite3").exists()
    return has_database and (choices.data / "static" / "staticfiles.json").exists() and _has_catalogues(house)


def fingerprint(choices: Choices, *, house: Path = CHECKOUT) -> str:
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr((sys.version_info[:2], choices.database_url, choices.fills_demo)).encode())
    for path in _sources(house):
        digest.update(f"{path.relative_to(house)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(house: Path) -> Iterator[Path]:
    requirements = house / "requirements.txt"
    if requirements.exists():
        yield requirements
    for top in (house / "kefu", house / "locale"):
        yield from _files(top)


def _files(top: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER_FOLDERS)
        for name in sorted(names):
            if not name.endswith(PASSED_OVER_ENDINGS):
                yield Path(folder, name)


def _has_catalogues(house: Path) -> bool:
    sources = (
        path for top in (house / "kefu", house / "locale") for path in _files(top) if path.suffix == ".po"
    )
    return all(path.with_suffix(".mo").exists() for path in sources)
