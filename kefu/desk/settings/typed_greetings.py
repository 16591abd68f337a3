"""Greetings as they are typed: a sentence for each state of the chat, in each language of the brand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext

from kefu.brands.models import Brand
from kefu.waiting.greetings import (
    LONGEST_SENTENCE,
    BadSentence,
    GreetingText,
    NamesAnAddress,
    TooLongSentence,
    read_sentence,
)

PARTS = tuple(GreetingText().written())


@dataclass(frozen=True)
class TypedGreetings:
    """By language; `problems` by the name of the field, such as `open_text-en`."""

    texts: Mapping[str, GreetingText]
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, brand: Brand) -> TypedGreetings:
        texts = {
            code: GreetingText(**{part: data.get(field_name(part, code), "").strip() for part in PARTS})
            for code in brand.languages
        }
        return cls(texts, dict(_problems(texts)))

    @classmethod
    def of(cls, brand: Brand, found: Mapping[str, GreetingText]) -> TypedGreetings:
        return cls({code: found.get(code, GreetingText()) for code in brand.languages})

    def sound_text(self, language: str) -> GreetingText:
        """For the preview: without what can't be said."""
        text = self.texts[language]
        wrong = {part: "" for part in PARTS if field_name(part, language) in self.problems}
        return replace(text, **wrong)


def field_name(part: str, language: str) -> str:
    return f"{part}-{language}"


def _problems(texts: Mapping[str, GreetingText]) -> Iterator[tuple[str, str]]:
    for language, text in texts.items():
        for part, typed in text.written().items():
            try:
                read_sentence(typed)
            except BadSentence as bad:
                yield field_name(part, language), _in_words(bad)


def _in_words(bad: BadSentence) -> str:
    if isinstance(bad, TooLongSentence):
        return gettext("Write at most %(longest)s characters.") % {"longest": LONGEST_SENTENCE}
    if isinstance(bad, NamesAnAddress):
        return gettext(
            "Leave out links, mail addresses and account names: customers find those among the official ways."
        )
    return gettext("There is a character in it that nobody can see. Type the sentence anew.")
