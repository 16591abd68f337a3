"""Old addresses lead to articles of ours."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from django.db import transaction

from kefu.accounts.policy import May
from kefu.helpcentre.events import OldAddressAdded, OldAddressRemoved
from kefu.helpcentre.models import Article, OldAddress
from kefu.helpcentre.permission import Author, require_author
from kefu.journal.actions import record

LONGEST_PATH = 300
UNSEEN = re.compile(r"[\x00-\x20\x7f]")


class BadPath(ValueError):
    """This is no path of a page, or it is one of ours."""


class PathTaken(ValueError):
    """This path leads to an article already."""


def read_path(typed: str) -> str:
    """A path as requests have it, host and query left out. Raises BadPath."""
    try:
        path = asked_path(unquote(urlsplit(typed.strip()).path))
    except ValueError:
        raise BadPath from None
    if not path.startswith("/") or path == "/" or len(path) > LONGEST_PATH or UNSEEN.search(path):
        raise BadPath
    return path


def path_as_typed(path: str) -> str:
    """What `read_path` makes this path of."""
    return re.sub("[%?#]", lambda found: quote(found[0]), path)


def asked_path(path: str) -> str:
    """A request's own path, decoded as it is, in the shape in which old addresses are kept."""
    return path.rstrip("/") or "/"


@transaction.atomic
def add_old_address(*, article: Article, path: str, by: Author, language: str = "") -> OldAddress:
    """From now on this path leads to the article. Raises Refused, BadPath, PathTaken."""
    actor = require_author(by, May.PUBLISH_ARTICLES, article.brand_id)
    known, is_new = OldAddress.objects.get_or_create(
        brand_id=article.brand_id,
        path=read_path(path),
        defaults={"article": article, "language": language},
    )
    if not is_new and (known.article_id, known.language) != (article.pk, language):
        raise PathTaken
    if is_new:
        record(OldAddressAdded(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    return known


@transaction.atomic
def remove_old_address(*, address: OldAddress, by: Author) -> None:
    actor = require_author(by, May.PUBLISH_ARTICLES, address.brand_id)
    OldAddress.objects.filter(pk=address.pk).delete()
    record(OldAddressRemoved(actor=actor, brand_id=address.brand_id, subject_id=address.article_id))
