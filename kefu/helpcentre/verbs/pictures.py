"""Pictures come in, and go while no published text shows them."""

from __future__ import annotations

from pathlib import Path

from django.db import IntegrityError, transaction

from kefu.accounts.policy import May
from kefu.brands.models import Brand
from kefu.helpcentre.events import PictureRemoved
from kefu.helpcentre.folder import LONGEST_PICTURE, PICTURE
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.models import Picture
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.picture_store import forget_picture, keep_picture
from kefu.journal.actions import record


class BadKey(ValueError):
    """A picture's name is small letters, digits and hyphens."""


class KeyTaken(ValueError):
    """There is a picture of this name."""


class PictureShown(ValueError):
    """A published text shows it."""


def add_picture(*, brand: Brand, path: Path, key: str, by: Author, about: str = "") -> Picture:
    """Write its pixels anew and keep it. Raises Refused, BadKey, KeyTaken, BadFile."""
    actor = require_author(by, May.EDIT_ARTICLES, brand.pk)
    if not PICTURE.match(key) or len(key) > LONGEST_PICTURE:
        raise BadKey
    if Picture.objects.filter(brand=brand, key=key).exists():
        raise KeyTaken
    try:
        return keep_picture(path, key=key, brand=brand, actor=actor, about=about)
    except IntegrityError as taken:
        raise KeyTaken from taken


@transaction.atomic
def remove_picture(*, picture: Picture, by: Author) -> None:
    """Its bytes go with it. Raises Refused, PictureShown."""
    actor = require_author(by, May.EDIT_ARTICLES, picture.brand_id)
    lock_brand(picture.brand_id)
    if picture.translations.exclude(published=None).exists():
        raise PictureShown
    Picture.objects.filter(pk=picture.pk).delete()
    transaction.on_commit(lambda: forget_picture(picture))
    record(PictureRemoved(actor=actor, brand_id=picture.brand_id, subject_id=picture.pk))
