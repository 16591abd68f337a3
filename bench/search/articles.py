"""The articles that are searched: those of the demo as they are, and for those not yet written their title and summary."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import kefu.demo
from kefu.helpcentre.folder import ArticleFile, TranslationFile, read_folder
from kefu.search.registry import PUBLIC, Searchable, Source

STAND_INS = Path(__file__).parents[1] / "relevance" / "standins.txt"
CONTENT = Path(kefu.demo.__file__).parent / "content"
LANGUAGES = ("zh-hans", "zh-hant", "en")
# As long as an article of the reference measurement.
LETTERS = 1_377
SENTENCE = re.compile(r"[^。；.;]+[。；.;]?\s*")
SEED = 20_261_129


def articles(brand_id: int) -> list[Searchable]:
    """All articles of the list by number, each in three languages."""
    written = [
        _written(one, text, brand_id)
        for one in read_folder(CONTENT, languages=LANGUAGES).articles
        for text in one.translations
    ]
    numbers = {one.object_id for one in written}
    return written + [one for one in _stand_ins(brand_id) if one.object_id not in numbers]


def many(brand_id: int, number: int) -> Iterator[Searchable]:
    """So many articles in three languages, their titles varied and their bodies made of others' sentences."""
    by_language = {
        language: [one for one in _stand_ins(brand_id) if one.language == language] for language in LANGUAGES
    }
    chance = random.Random(SEED)  # noqa: S311 - the same articles each time, no secret
    for place in range(number):
        for ones in by_language.values():
            one = ones[place % len(ones)]
            turn = place // len(ones)
            yield replace(
                one,
                object_id=place + 1,
                title=f"{one.title} {turn}" if turn else one.title,
                body="\n".join([one.body, *_sentences(ones, chance)]),
            )


def source(things: Sequence[Searchable]) -> Source:
    by_id: dict[int, list[Searchable]] = {}
    for one in things:
        by_id.setdefault(one.object_id, []).append(one)

    def load(ids: Iterable[int]) -> Iterator[Searchable]:
        return (one for thing in ids for one in by_id.get(thing, []))

    def readable(ids: Collection[int], audiences: Collection[str]) -> Iterable[tuple[int, str]]:
        return [(thing, one.language) for thing in ids for one in by_id[thing] if one.audience in audiences]

    return Source(name="bench", load=load, ids=lambda: list(by_id), readable=readable)


def _sentences(ones: Sequence[Searchable], chance: random.Random) -> Iterator[str]:
    letters = 0
    while letters < LETTERS:
        sentence = chance.choice(SENTENCE.findall(chance.choice(ones).body))
        letters += len(sentence)
        yield sentence


def _written(article: ArticleFile, text: TranslationFile, brand_id: int) -> Searchable:
    return Searchable(
        object_id=article.number,
        brand_id=brand_id,
        language=text.language,
        audience=PUBLIC,
        title=text.title,
        path=f"/{text.language}/articles/{article.slug}/",
        label=article.category,
        shelf=article.category,
        synonyms=text.synonyms,
        headings=(text.summary, *(one.title for one in text.rendered.contents)),
        body=f"{text.summary}\n{text.rendered.text}",
    )


def _stand_ins(brand_id: int) -> Iterator[Searchable]:
    for line in islice(STAND_INS.read_text(encoding="utf-8").splitlines(), 1, None):
        number, category, language, title, summary, synonyms = line.split("|")
        yield Searchable(
            object_id=int(number),
            brand_id=brand_id,
            language=language,
            audience=PUBLIC,
            title=title,
            path=f"/{language}/{number}/",
            label=category,
            shelf=category,
            synonyms=tuple(synonyms.split(";")),
            headings=(summary,),
            body=summary,
        )
