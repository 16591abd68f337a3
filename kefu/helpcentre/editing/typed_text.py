"""A text as it is typed, and what is wrong with it by the name of its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext

from kefu.accounts.settings.history import page_number
from kefu.helpcentre.folder import LEAST_SYNONYMS
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import LONGEST_NOTE, Revision
from kefu.helpcentre.text import LONGEST_SUMMARY, LONGEST_TITLE, Text


@dataclass(frozen=True)
class TypedText:
    """`based_on` is the revision that the page showed; `answers` whether it says what the source says now."""

    title: str = ""
    summary: str = ""
    synonyms: str = ""
    source: str = ""
    note: str = ""
    based_on: int = 0
    answers: int | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, *, is_for_readers: bool) -> TypedText:
        typed = cls(
            title=data.get("title", ""),
            summary=data.get("summary", ""),
            synonyms=data.get("synonyms", ""),
            source=data.get("source", ""),
            note=" ".join(data.get("note", "").split()),
            based_on=page_number(data.get("based_on")) or 0,
            answers=page_number(data.get("answers")),
        )
        typed.problems.update(typed.what_is_wrong(is_for_readers=is_for_readers))
        return typed

    @classmethod
    def of(cls, revision: Revision | None) -> TypedText:
        if revision is None:
            return cls()
        return cls(
            revision.title,
            revision.summary,
            "\n".join(revision.synonyms),
            revision.source,
            based_on=revision.number,
        )

    @property
    def text(self) -> Text:
        return Text.typed(title=self.title, summary=self.summary, synonyms=self.synonyms, source=self.source)

    def blame(self, problem: Problem) -> None:
        """What the renderer says of the text."""
        self.problems["source"] = problem.in_place()

    def lacks_for_readers(self) -> str:
        """The first sentence about what has to be mended before readers may see it."""
        return next((said for _, said in self.what_is_wrong(is_for_readers=True)), "")

    def what_is_wrong(self, *, is_for_readers: bool) -> Iterator[tuple[str, str]]:
        """Fields, each with a sentence in the language that is active now."""
        text = self.text
        longest = gettext("%(longest)s characters at most.")
        if not text.title:
            yield "title", gettext("Give it a title: the question as people ask it.")
        elif len(text.title) > LONGEST_TITLE:
            yield "title", longest % {"longest": LONGEST_TITLE}
        if len(text.summary) > LONGEST_SUMMARY:
            yield "summary", longest % {"longest": LONGEST_SUMMARY}
        if len(self.note) > LONGEST_NOTE:
            yield "note", longest % {"longest": LONGEST_NOTE}
        if is_for_readers and not text.summary:
            yield "summary", gettext("Readers see the summary in lists and search results. Write one.")
        if is_for_readers and len(text.synonyms) < LEAST_SYNONYMS:
            yield (
                "synonyms",
                gettext("Write at least %(least)s ways in which people ask for this.")
                % {"least": LEAST_SYNONYMS},
            )
        if is_for_readers and not text.source.strip():
            yield "source", gettext("There is no text yet.")
