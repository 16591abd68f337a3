"""Reading a folder of articles into values, complete and checked, before anything is stored."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from kefu.helpcentre.facts import fill
from kefu.helpcentre.markdown import VERSION, BadMarkdown, Rendered, render
from kefu.helpcentre.models import Audience
from kefu.ui.icons import names as icon_names

LEAST_SYNONYMS = 3
FRONT = re.compile(r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<text>.*)\Z", re.DOTALL)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
PAGES = {"chat": "livechat:chat", "contact": "contact:ways"}


class BadFolder(ValueError):
    """Something in the folder is missing or wrong; the message names the file and what to do."""


@dataclass(frozen=True)
class CategoryFile:
    key: str
    names: dict[str, str]
    icon: str
    topic: str


@dataclass(frozen=True)
class TranslationFile:
    language: str
    title: str
    summary: str
    synonyms: tuple[str, ...]
    updated_on: date | None
    reviewed_on: date | None
    source: str
    rendered: Rendered
    digest: str


@dataclass(frozen=True)
class ArticleFile:
    slug: str
    number: int
    category: str
    audience: str
    owners: dict[str, str]
    review_on: date
    tool: str | None
    translations: tuple[TranslationFile, ...]


@dataclass(frozen=True)
class Folder:
    categories: tuple[CategoryFile, ...]
    articles: tuple[ArticleFile, ...]


def read_folder(folder: Path, *, languages: Sequence[str], known: Collection[str] = ()) -> Folder:
    """Everything in the folder; articles may also link to the `known` ones. Raises BadFolder."""
    categories = tuple(
        _category(one, languages, folder) for one in _toml(folder / "categories.toml").get("category", [])
    )
    facts = _toml(folder / "facts.toml") if (folder / "facts.toml").exists() else {}
    places = sorted(path.parent for path in (folder / "articles").glob("*/article.toml"))
    slugs = {place.name for place in places} | set(known)
    keys = {one.key for one in categories}
    articles = [
        _article(place, languages=languages, facts=facts, slugs=slugs, categories=keys) for place in places
    ]
    return Folder(categories, tuple(sorted(articles, key=lambda one: one.number)))


def _category(values: Mapping[str, Any], languages: Sequence[str], folder: Path) -> CategoryFile:
    where = folder / "categories.toml"
    icon = _text(values, "icon", where)
    if icon not in icon_names():
        raise BadFolder(f"{where}: there is no icon “{icon}”.")
    return CategoryFile(
        key=_text(values, "key", where),
        names=_by_language(values, "names", languages, where),
        icon=icon,
        topic=str(values.get("topic", "")),
    )


def _article(
    place: Path,
    *,
    languages: Sequence[str],
    facts: Mapping[str, Any],
    slugs: Collection[str],
    categories: Collection[str],
) -> ArticleFile:
    where = place / "article.toml"
    values = _toml(where)
    if not SLUG.match(place.name):
        raise BadFolder(
            f"{place}: a folder's name is the article's address: small letters, digits and hyphens."
        )
    if values.get("category") not in categories:
        raise BadFolder(f"{where}: “{values.get('category')}” is no category of categories.toml.")
    if values.get("audience") not in Audience.values:
        raise BadFolder(f"{where}: audience is one of {', '.join(Audience.values)}.")
    if not isinstance(values.get("review_on"), date) or not isinstance(values.get("number"), int):
        raise BadFolder(
            f"{where}: an article needs a number and review_on, the day when somebody looks at it again."
        )
    return ArticleFile(
        slug=place.name,
        number=values["number"],
        category=values["category"],
        audience=values["audience"],
        owners=_by_language(values, "owners", languages, where),
        review_on=values["review_on"],
        tool=values.get("tool"),
        translations=tuple(_translation(place, language, facts, slugs) for language in languages),
    )


def _translation(
    place: Path, language: str, facts: Mapping[str, Any], slugs: Collection[str]
) -> TranslationFile:
    path = place / f"{language}.md"
    if not path.exists():
        raise BadFolder(
            f"{path} is missing: an article is there in every language of the brand, or not at all."
        )
    raw = path.read_text(encoding="utf-8")
    found = FRONT.match(raw)
    if not found:
        raise BadFolder(f"{path}: the file starts with TOML between two lines of +++.")
    try:
        front = tomllib.loads(fill(found["front"], facts, language))
        source = fill(found["text"], facts, language).strip() + "\n"
        rendered = render(source, language=language, address=_address(language, slugs))
    except (tomllib.TOMLDecodeError, LookupError, BadMarkdown) as problem:
        raise BadFolder(f"{path}: {problem}") from problem
    synonyms = tuple(front.get("synonyms", ()))
    if len(set(synonyms)) < LEAST_SYNONYMS:
        raise BadFolder(f"{path}: synonyms are at least {LEAST_SYNONYMS} ways in which people say it.")
    return TranslationFile(
        language=language,
        title=_text(front, "title", path),
        summary=_text(front, "summary", path),
        synonyms=synonyms,
        updated_on=_day(front, "updated_on", path),
        reviewed_on=_day(front, "reviewed_on", path),
        source=source,
        rendered=rendered,
        digest=_digest(front, rendered),
    )


def _address(language: str, slugs: Collection[str]) -> Callable[[str, str], str]:
    def address(kind: str, name: str) -> str:
        with override(language):
            if kind in PAGES:
                return reverse(PAGES[kind])
            if name not in slugs:
                raise BadMarkdown(f"A link goes to article:{name}, and there is no such article.")
            return reverse("helpcentre:article", args=[name])

    return address


def _digest(front: Mapping[str, Any], rendered: Rendered) -> str:
    parts = [str(VERSION), repr(sorted(front.items())), rendered.html]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise BadFolder(f"{path} is missing.") from problem
    except tomllib.TOMLDecodeError as problem:
        raise BadFolder(f"{path}: {problem}") from problem


def _text(values: Mapping[str, Any], name: str, where: Path) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadFolder(f"{where}: {name} is missing.")
    return value.strip()


def _day(values: Mapping[str, Any], name: str, where: Path) -> date | None:
    value = values.get(name)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise BadFolder(f"{where}: {name} is a day, such as 2030-01-31.")
    return value


def _by_language(
    values: Mapping[str, Any], name: str, languages: Sequence[str], where: Path
) -> dict[str, str]:
    given = values.get(name, {})
    missing = [language for language in languages if not given.get(language)]
    if missing:
        raise BadFolder(f"{where}: {name} is missing in {', '.join(missing)}.")
    return {language: given[language] for language in languages}
