"""Drawing a text as readers see it: facts filled in, links and pictures found, Markdown made into the design's HTML.

One way for the page, the preview and the importer.
"""

from __future__ import annotations

import hashlib
import re
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop, override

from kefu.brands.models import Brand
from kefu.helpcentre.facts import fill, quoted_in
from kefu.helpcentre.markdown import VERSION, BadMarkdown, Rendered, render
from kefu.helpcentre.markdown.pictures import Shown
from kefu.helpcentre.models import Article, Audience, Fact, FormerSlug, Picture
from kefu.helpcentre.text import LONGEST_SUMMARY, LONGEST_TITLE, Text

LINKED = re.compile(r"\barticle:([a-z0-9-]+)")
PAGES = {"chat": "livechat:chat", "contact": "contact:ways"}


@dataclass(frozen=True)
class Target:
    """Where `article:name` leads: the article's address of today, and who may read it."""

    slug: str
    audience: str


@dataclass(frozen=True)
class Surroundings:
    """What the texts of a brand may quote, link to and show."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    pictures: Mapping[str, Shown] = field(default_factory=dict)

    @classmethod
    def of(cls, brand: Brand) -> Surroundings:
        """As they are now; four queries."""
        articles = Article.objects.of_brand(brand).values_list("slug", "audience")
        former = FormerSlug.objects.filter(brand=brand).values_list(
            "slug", "article__slug", "article__audience"
        )
        targets = {old: Target(slug, audience) for old, slug, audience in former}
        targets |= {slug: Target(slug, audience) for slug, audience in articles}
        pictures = Picture.objects.filter(brand=brand)
        return cls(
            facts=Fact.objects.filter(brand=brand).as_mapping(),
            targets=targets,
            pictures={one.key: shown_as(one) for one in pictures},
        )

    def with_more(
        self, *, facts: Mapping[str, Any], targets: Mapping[str, Target], pictures: Collection[str] = ()
    ) -> Surroundings:
        """With what a folder brings along; its pictures have no address yet."""
        coming = {key: Shown(f"/pictures/{'0' * 32}", 1, 1) for key in pictures}
        return replace(
            self,
            facts={**self.facts, **facts},
            targets={**self.targets, **targets},
            pictures={**coming, **self.pictures},
        )

    def differing(self, other: Surroundings) -> Differing:
        return Differing(
            facts=_differing(self.facts, other.facts),
            targets=_differing(self.targets, other.targets),
        )


def _differing(some: Mapping[str, Any], others: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in {**some, **others} if some.get(name) != others.get(name))


@dataclass(frozen=True)
class Differing:
    """The names that mean something else in one of two surroundings; a picture never changes under its own."""

    facts: frozenset[str]
    targets: frozenset[str]

    def concern(self, text: Text, article: Article) -> bool:
        """Whether this text of the article may be drawn otherwise."""
        if article.slug in self.targets:
            return True
        return bool(
            self.facts & quoted_in(text.source, text.title, text.summary, *text.synonyms)
            or self.targets & set(LINKED.findall(text.source))
        )


@dataclass(frozen=True)
class Drawn:
    """The words as readers see them, the HTML, and a digest of all of it."""

    title: str
    summary: str
    synonyms: tuple[str, ...]
    source: str
    rendered: Rendered
    picture_keys: frozenset[str]
    digest: str


@dataclass(frozen=True)
class Drawings:
    """Texts as they are seen in these surroundings; each is drawn once.

    `is_held` says that the caller has the brand's lock since before they were read, so that they hold until it is given up.
    """

    surroundings: Surroundings
    drawn: MutableMapping[tuple[Text, str, str], Drawn] = field(default_factory=dict)
    is_held: bool = False

    def of(self, text: Text, *, language: str, audience: str = Audience.PUBLIC) -> Drawn:
        """Raises Problem with a sentence for the author."""
        key = (text, language, audience)
        if key not in self.drawn:
            self.drawn[key] = draw(text, language=language, surroundings=self.surroundings, audience=audience)
        return self.drawn[key]

    @classmethod
    def today(cls, brand: Brand, ready: Drawings | None = None) -> Drawings:
        """As the brand's texts are seen now: those that are `ready`, if they still hold."""
        if ready and ready.is_held:
            return ready
        surroundings = Surroundings.of(brand)
        return ready.amid(surroundings) if ready else cls(surroundings)

    def for_a_while(self) -> Drawings:
        """They find what is drawn here, and leave nothing here themselves."""
        return Drawings(self.surroundings, ChainMap({}, self.drawn))

    def amid(self, surroundings: Surroundings) -> Drawings:
        """These, if that is what they were drawn from; else new ones."""
        return self if self.surroundings == surroundings else Drawings(surroundings)


def shown_as(picture: Picture) -> Shown:
    return Shown(reverse("picture", args=[picture.name]), picture.width, picture.height)


def draw(text: Text, *, language: str, surroundings: Surroundings, audience: str = Audience.PUBLIC) -> Drawn:
    """Raises Problem with a sentence for the author."""
    title, summary = (fill(words, surroundings.facts, language) for words in (text.title, text.summary))
    synonyms = tuple(fill(words, surroundings.facts, language) for words in text.synonyms)
    for words, longest in ((title, LONGEST_TITLE), (summary, LONGEST_SUMMARY)):
        if len(words) > longest:
            raise BadMarkdown(
                gettext_noop("“%(words)s…” is longer than %(longest)s characters."),
                words=words[:20],
                longest=longest,
            )
    source = fill(text.source, surroundings.facts, language).strip() + "\n"
    seen: set[str] = set()

    def picture(key: str) -> Shown | None:
        seen.add(key)
        return surroundings.pictures.get(key)

    address = address_in(language, surroundings.targets, audience)
    rendered = render(source, language=language, address=address, picture=picture)
    whole = repr((VERSION, title, summary, synonyms, rendered.html, rendered.text))
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Drawn(title, summary, synonyms, source, rendered, frozenset(seen), digest)


def address_in(language: str, targets: Mapping[str, Target], audience: str) -> Callable[[str, str], str]:
    """Addresses of our pages in a language, for readers of this audience. Raises BadMarkdown for what they can't reach."""

    def address(kind: str, name: str) -> str:
        with override(language):
            if kind in PAGES:
                return reverse(PAGES[kind])
            target = targets.get(name)
            if target is None:
                raise BadMarkdown(
                    gettext_noop("A link goes to article:%(name)s, and there is no such article."), name=name
                )
            if target.audience == Audience.STAFF:
                if audience != Audience.STAFF:
                    raise BadMarkdown(
                        gettext_noop("A link goes to article:%(name)s, which only staff may read."), name=name
                    )
                return reverse("staff_articles:article", args=[target.slug])
            return reverse("helpcentre:article", args=[target.slug])

    return address
