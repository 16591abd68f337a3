"""Articles into a folder of the shape that the importer reads, so that both together change nothing.

Written is what readers see: an article that is published in every language of its brand and not archived. Drafts stay here.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

from kefu.brands.models import Brand
from kefu.helpcentre.facts import ends_in_language
from kefu.helpcentre.folder import LEAST_SYNONYMS
from kefu.helpcentre.models import Article, Category, Fact, Picture, Revision, State, Translation
from kefu.helpcentre.numbering import frame_of
from kefu.helpcentre.picture_store import open_picture
from kefu.helpcentre.verbs.addresses import path_as_typed

ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


class NotEmpty(ValueError):
    """There is something in the folder already, which would be mixed with what is written now."""


class NoFolder(ValueError):
    """Nothing can be written there; the message is the system's reason."""


@dataclass(frozen=True)
class Exported:
    """How many articles were written; the addresses of those that aren't published in every language."""

    written: int
    left_out: tuple[str, ...]


def export_articles(folder: Path, *, brand: Brand) -> Exported:
    """Raises NotEmpty, and NoFolder before anything is written."""
    _require_empty(folder)
    _write(folder / "categories.toml", "\n".join(_categories(brand)))
    _write(folder / "facts.toml", "\n".join(_facts(brand)))
    for picture in Picture.objects.filter(brand=brand):
        _copy(picture, folder / "pictures")
    left_out = []
    articles = Article.objects.of_brand(brand).select_related("category", "owner").order_by("number")
    for article in articles.prefetch_related("former_slugs", "old_addresses"):
        texts = _texts(article)
        if set(brand.languages) <= set(texts):
            _write_article(folder / "articles" / article.slug, article, texts)
        else:
            left_out.append(article.slug)
    return Exported(articles.count() - len(left_out), tuple(left_out))


def _require_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except (FileExistsError, NotADirectoryError):
        raise NoFolder("Not a directory") from None
    except OSError as problem:
        raise NoFolder(problem.strerror) from problem
    if not is_empty:
        raise NotEmpty
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NoFolder("Permission denied")


def _texts(article: Article) -> dict[str, tuple[Translation, Revision]]:
    """By language what readers see, and the revision that it was drawn from; only what could come in again."""
    found = {}
    for one in article.translations.shown():
        revision = one.revisions.get(state=State.PUBLISHED)
        if len(set(revision.synonyms)) >= LEAST_SYNONYMS and revision.summary:
            found[one.language] = (one, revision)
    return found


def _write_article(place: Path, article: Article, texts: Mapping[str, tuple[Translation, Revision]]) -> None:
    frame = frame_of(article) | {"review_on": article.review_on}
    lines = [f"{name} = {_toml(value)}" for name, value in frame.items() if value != ""]
    former = [one.slug for one in article.former_slugs.all() if one.slug != article.slug]
    if former:
        lines.append(f"former_slugs = {_toml(former)}")
    old = {path_as_typed(one.path): one.language for one in article.old_addresses.all()}
    if old:
        lines.append(f"old_addresses = {_toml(old)}")
    _write(place / "article.toml", "\n".join(lines))
    for language in article.brand.languages:
        translation, revision = texts[language]
        _write(place / f"{language}.md", "\n".join(_file(translation, revision)))


def _file(translation: Translation, revision: Revision) -> Iterator[str]:
    yield "+++"
    yield f"title = {_toml(revision.title)}"
    yield f"summary = {_toml(revision.summary)}"
    yield f"synonyms = {_toml(list(revision.synonyms))}"
    yield f"updated_on = {_toml(translation.updated_on or translation.updated_at.astimezone(UTC).date())}"
    if translation.reviewed_on:
        yield f"reviewed_on = {_toml(translation.reviewed_on)}"
    yield "+++"
    yield revision.source.rstrip("\n")


def _categories(brand: Brand) -> Iterator[str]:
    for one in Category.objects.in_use().filter(brand=brand):
        yield "[[category]]"
        yield f"key = {_toml(one.key)}"
        yield f"icon = {_toml(one.icon)}"
        if one.topic:
            yield f"topic = {_toml(one.topic)}"
        yield f"names = {_toml(one.names)}"
        yield ""


def _facts(brand: Brand) -> Iterator[str]:
    for fact in Fact.objects.filter(brand=brand):
        # Between quotation marks it is one name; without them a folder reads a table of languages.
        key = _toml(fact.key) if ends_in_language(fact.key) else fact.key
        yield f"{key} = {_toml(fact.value)}"


def _copy(picture: Picture, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with (
        open_picture(picture) as source,
        (folder / f"{picture.key}{ENDINGS[picture.content_type]}").open("wb") as to,
    ):
        shutil.copyfileobj(source, to)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    """A value as TOML 1.0 writes it; its basic strings are those of JSON, with one more character escaped."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
