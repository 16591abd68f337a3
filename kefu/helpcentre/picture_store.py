"""Where the bytes of pictures lie, and how they come in: checked, scanned, written anew from their pixels."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from kefu.brands.models import Brand
from kefu.helpcentre.events import PictureAdded
from kefu.helpcentre.models import Picture
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.safety.files.kinds import BadFile, FileKind, Problem
from kefu.safety.files.pictures import Picture as Clean
from kefu.safety.files.pictures import clean_picture
from kefu.safety.files.sniffing import HEAD, kind_of

# Beside the files of conversations, in no folder of theirs.
FOLDER = "pictures"


def keep_picture(path: Path, *, key: str, brand: Brand, actor: Actor, about: str = "") -> Picture:
    """Read a file, write its pixels anew and keep them under this key. Raises BadFile, or ScannerDown."""
    clean = read_picture(path)
    name = secrets.token_hex(16)
    storages["files"].save(_place(name), ContentFile(clean.content))
    try:
        return _store(clean, key=key, name=name, brand=brand, actor=actor, about=about)
    except Exception:
        # Of two who take a name at once one has come too late; its bytes would lie here for nothing.
        storages["files"].delete(_place(name))
        raise


@transaction.atomic
def _store(clean: Clean, *, key: str, name: str, brand: Brand, actor: Actor, about: str) -> Picture:
    picture = Picture.objects.create(
        brand=brand,
        key=key,
        name=name,
        about=about,
        content_type=clean.content_type,
        width=clean.width,
        height=clean.height,
        size=len(clean.content),
    )
    record(PictureAdded(actor=actor, brand_id=brand.pk, subject_id=picture.pk))
    return picture


def read_picture(path: Path) -> Clean:
    """A file's pixels, written anew. Raises BadFile, or ScannerDown."""
    if path.stat().st_size > settings.LARGEST_FILE[FileKind.PICTURE]:
        raise BadFile(Problem.TOO_LARGE)
    with path.open("rb") as file:
        if kind_of(file.read(HEAD)).kind is not FileKind.PICTURE:
            raise BadFile(Problem.KIND)
        file.seek(0)
        if settings.SCANNER is not None:
            settings.SCANNER.look(file)
    return clean_picture(path)


def keep_pictures(files: Mapping[str, Path], *, brand: Brand, actor: Actor) -> None:
    """Those of a folder that are not here yet; a picture never changes under its key."""
    known = set(Picture.objects.filter(brand=brand, key__in=files).values_list("key", flat=True))
    for key in sorted(set(files) - known):
        keep_picture(files[key], key=key, brand=brand, actor=actor)


def open_picture(picture: Picture) -> IO[bytes]:
    """Raises FileNotFoundError."""
    return storages["files"].open(_place(picture.name), "rb")


def forget_picture(picture: Picture) -> None:
    storages["files"].delete(_place(picture.name))


def _place(name: str) -> str:
    return f"{FOLDER}/{name}"
