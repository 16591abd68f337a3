"""Reading a folder of articles into values, complete and checked, before anything is stored."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kefu.helpcentre.drawing import Drawings, Drawn, Surroundings, Target
from kefu.helpcentre.facts import KEY, flattened
from kefu.helpcentre.markdown import Rendered
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import ISSUE_TYPES, NO_ISSUE_TYPE, Audience
from kefu.helpcentre.picture_store import read_picture
from kefu.helpcentre.text import Text, seen
from kefu.helpcentre.verbs.addresses import LONGEST_PATH, BadPath, read_path
from kefu.safety.files.kinds import BadFile
from kefu.safety.files.scanning import ScannerDown
from kefu.ui.icons import names as icon_names
from kefu.ui.languages import Language

LEAST_SYNONYMS = 3
FRONT = re.compile(r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<text>.*)\Z", re.DOTALL)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
PICTURE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
LONGEST_PICTURE = 60
PICTURE_FILES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


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
    # As the author wrote it, facts unfilled, and what the whole file was.
    text: Text
    file_hash: str


@dataclass(frozen=True)
class ArticleFile:
    slug: str
    number: int
    category: str
    audience: str
    owners: dict[str, str]
    owner: str
    review_on: date
    tool: str | None
    issue_type: str
    former_slugs: tuple[str, ...]
    old_addresses: tuple[tuple[str, str], ...]
    translations: tuple[TranslationFile, ...]

    def frame(self) -> dict[str, Any]:
        """What the folder says of it in all languages, as it is compared with what it said last."""
        return {
            "number": self.number,
            "category": self.category,
            "audience": self.audience,
            "owners": self.owners,
            "owner": self.owner,
            "review_on": self.review_on.isoformat(),
            "tool": self.tool or "",
            "issue_type": self.issue_type,
        }


@dataclass(frozen=True)
class Folder:
    categories: tuple[CategoryFile, ...]
    facts: Mapping[str, Any]
    pictures: Mapping[str, Path]
    articles: tuple[ArticleFile, ...]
    # What the texts were drawn to.
    drawings: Drawings


def read_folder(
    folder: Path, *, languages: Sequence[str], surroundings: Surroundings | None = None
) -> Folder:
    """Everything in the folder, drawn once to see that it can be; texts may also use what is in the `surroundings`.

    Raises BadFolder.
    """
    if folder.exists() and not folder.is_dir():
        raise BadFolder(f"{folder} is a file; name the folder that holds categories.toml and articles/.")
    categories = tuple(
        _category(one, languages, folder) for one in _toml(folder / "categories.toml").get("category", [])
    )
    places = sorted(path.parent for path in (folder / "articles").glob("*/article.toml"))
    known = surroundings or Surroundings()
    facts, pictures = _facts(folder, languages), _pictures(folder, known=known.pictures)
    drawings = Drawings(known.with_more(facts=facts, targets=_targets(places), pictures=pictures))
    keys = {one.key for one in categories}
    articles = [_article(place, languages=languages, drawings=drawings, categories=keys) for place in places]
    _require_addresses_apart(articles)
    in_order = tuple(sorted(articles, key=lambda one: one.number))
    return Folder(categories, facts, pictures, in_order, drawings)


def _facts(folder: Path, languages: Sequence[str]) -> dict[str, Any]:
    where = folder / "facts.toml"
    # Also in those that the brand has given up: they stand in its facts still.
    spoken = {*languages, *Language}
    facts = dict(flattened(_toml(where), spoken)) if where.exists() else {}
    for key, value in facts.items():
        said = value.values() if isinstance(value, Mapping) else [value]
        if not KEY.fullmatch(key):
            raise BadFolder(f"{where}: “{key}” is no name for a fact: small letters, digits, _ and dots.")
        if any(isinstance(one, bool) or not isinstance(one, str | int) for one in said):
            raise BadFolder(f"{where}: the fact “{key}” is neither a whole number nor a text.")
    return facts


def _pictures(folder: Path, *, known: Collection[str]) -> dict[str, Path]:
    """By key. Those that are not here yet are read to their end, so that a broken one is found before anything is changed."""
    found = {}
    for path in sorted((folder / "pictures").glob("*")):
        if path.suffix.lower() in PICTURE_FILES:
            if not PICTURE.match(path.stem) or len(path.stem) > LONGEST_PICTURE:
                raise BadFolder(
                    f"{path}: a picture's name is small letters, digits and hyphens, {LONGEST_PICTURE} at most."
                )
            if path.stem not in known:
                _require_picture(path)
            found[path.stem] = path
    return found


def _require_picture(path: Path) -> None:
    try:
        read_picture(path)
    except BadFile as bad:
        raise BadFolder(f"{path}: this can't be shown as a picture: {bad.problem}.") from bad
    except OSError as problem:
        raise BadFolder(f"{path} can't be read: {problem.strerror}.") from problem
    except ScannerDown as down:
        raise BadFolder(f"{path}: the virus scanner does not answer; try again later.") from down


def _targets(places: Sequence[Path]) -> dict[str, Target]:
    """Where links between the articles of this folder lead; what is wrong with the files is said when they are read."""
    targets: dict[str, Target] = {}
    for place in places:
        values = _toml(place / "article.toml")
        target = Target(place.name, str(values.get("audience", Audience.PUBLIC)))
        former = values.get("former_slugs", ())
        targets |= dict.fromkeys([*(former if isinstance(former, list) else ()), place.name], target)
    return targets


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
    drawings: Drawings,
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
        owners=_owners(values, languages, where),
        owner=str(values.get("owner", "")),
        review_on=values["review_on"],
        tool=values.get("tool"),
        issue_type=_issue_type(values, where),
        former_slugs=_slugs(values, where),
        old_addresses=_old_addresses(values, languages, where),
        translations=tuple(
            _translation(place, language, drawings, values["audience"]) for language in languages
        ),
    )


def _owners(values: Mapping[str, Any], languages: Sequence[str], where: Path) -> dict[str, str]:
    """As the desk asks for them: at least in the first language."""
    return _by_language(values, "owners", languages[:1], where)


def _issue_type(values: Mapping[str, Any], where: Path) -> str:
    found = values.get("issue_type", "")
    if found not in ISSUE_TYPES:
        known = ", ".join(filter(None, ISSUE_TYPES))
        raise BadFolder(f"{where}: issue_type is one of {known}; {NO_ISSUE_TYPE} says that no other fits.")
    return str(found)


def _slugs(values: Mapping[str, Any], where: Path) -> tuple[str, ...]:
    found = values.get("former_slugs", [])
    if not isinstance(found, list) or not all(isinstance(one, str) and SLUG.match(one) for one in found):
        raise BadFolder(f"{where}: former_slugs is a list of addresses that the article had.")
    return tuple(found)


def _old_addresses(
    values: Mapping[str, Any], languages: Sequence[str], where: Path
) -> tuple[tuple[str, str], ...]:
    """By path the language of what stood there, nothing where every reader's own is to be taken."""
    found = values.get("old_addresses", {})
    if not isinstance(found, dict) or not all(one in {"", *languages} for one in found.values()):
        raise BadFolder(f"{where}: old_addresses is a table of paths, each with a language or with nothing.")
    read: dict[str, str] = {}
    for path, language in found.items():
        try:
            read[read_path(path)] = language
        except BadPath:
            raise BadFolder(
                f"{where}: “{path}” is no path of a page that stood elsewhere: it begins with a slash and has no spaces,"
                f" and at most {LONGEST_PATH} characters."
            ) from None
    return tuple(read.items())


def _require_addresses_apart(articles: Sequence[ArticleFile]) -> None:
    """An old address leads to one article."""
    known: dict[str, str] = {}
    for one in articles:
        for address in (*one.former_slugs, *dict(one.old_addresses)):
            if address in known:
                raise BadFolder(f"{known[address]} and {one.slug} have the same old address, {address}.")
            known[address] = one.slug


def _translation(place: Path, language: str, drawings: Drawings, audience: str) -> TranslationFile:
    path = place / f"{language}.md"
    if not path.exists():
        raise BadFolder(
            f"{path} is missing: an article is there in every language of the brand, or not at all."
        )
    raw = seen(_read(path))
    found = FRONT.match(raw)
    if not found:
        raise BadFolder(f"{path}: the file starts with TOML between two lines of +++.")
    try:
        front = tomllib.loads(found["front"])
    except tomllib.TOMLDecodeError as problem:
        raise BadFolder(f"{path}: {problem}") from problem
    synonyms = tuple(front.get("synonyms", ()))
    if len(set(synonyms)) < LEAST_SYNONYMS:
        raise BadFolder(f"{path}: synonyms are at least {LEAST_SYNONYMS} ways in which people say it.")
    text = Text(
        title=_text(front, "title", path),
        summary=_text(front, "summary", path),
        synonyms=synonyms,
        source=found["text"].strip() + "\n",
    )
    drawn = _drawn(text, language, drawings, audience, path)
    return TranslationFile(
        language=language,
        title=drawn.title,
        summary=drawn.summary,
        synonyms=drawn.synonyms,
        updated_on=_day(front, "updated_on", path),
        reviewed_on=_day(front, "reviewed_on", path),
        source=drawn.source,
        rendered=drawn.rendered,
        text=text,
        file_hash=hashlib.sha256(raw.encode()).hexdigest(),
    )


def _drawn(text: Text, language: str, drawings: Drawings, audience: str, path: Path) -> Drawn:
    try:
        return drawings.of(text, language=language, audience=audience)
    except Problem as problem:
        raise BadFolder(f"{path}: {problem}") from problem


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as problem:
        raise BadFolder(f"{path}: {problem}") from problem


def _read(path: Path) -> str:
    try:
        # Some editors begin what they call UTF-8 with a byte order mark.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as problem:
        raise BadFolder(f"{path} is missing.") from problem
    except UnicodeDecodeError as problem:
        raise BadFolder(f"{path}: this is not in UTF-8; save it as UTF-8 and import again.") from problem
    except OSError as problem:
        raise BadFolder(f"{path} can't be read: {problem.strerror}.") from problem


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
    """In every language of the brand; others that are given are kept."""
    given = values.get(name, {})
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise BadFolder(f"{where}: {name} is a table of languages, each with a text.")
    missing = [language for language in languages if not given.get(language)]
    if missing:
        raise BadFolder(f"{where}: {name} is missing in {', '.join(missing)}.")
    return {language: said for language, said in given.items() if said}
