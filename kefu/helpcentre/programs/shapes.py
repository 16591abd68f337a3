"""What programs send and hear, as typed values; the API's description is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.markdown.render import LONGEST as LONGEST_SOURCE
from kefu.helpcentre.models import ISSUE_TYPES, LONGEST_NOTE, Audience, Size, State

MOST_ARTICLES, MOST_SYNONYMS, LONGEST_SYNONYM = 50, 50, 100
LARGEST_REVISION = 2**31 - 1
# Python's $ also stands before a line's end.
END = r"$(?!\n)"

Name = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9._:/-]{{0,99}}{END}",
        description="What the program calls the article; unique within the brand.",
    ),
]
Slug = Annotated[str, Meta(pattern=rf"^[a-z0-9]+(-[a-z0-9]+)*{END}", max_length=80)]
IssueTypeSent = Annotated[
    str,
    Meta(
        pattern=rf"^({'|'.join(ISSUE_TYPES)}){END}",
        description="What its readers come with who still need help; “none” if no type fits, empty while nobody has said.",
        extra_json_schema={"enum": list(ISSUE_TYPES)},
    ),
]
Tool = Annotated[
    str,
    Meta(
        pattern=rf"^([a-z0-9]+(-[a-z0-9]+)*)?{END}",
        max_length=50,
        description="The key of the tool that does what the article explains; empty for none.",
    ),
]
Language = Literal["zh-hans", "zh-hant", "en"]
BY_LANGUAGE = {"propertyNames": {"enum": list(get_args(Language))}}
Number = Annotated[int, Meta(ge=0, le=LARGEST_REVISION)]


class Wanted(StrEnum):
    """How far a text goes at least; none goes back."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"


class TextSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language, written as an original; the text is Markdown as in the editor."""

    title: Annotated[str, Meta(max_length=300)]
    source: Annotated[str, Meta(max_length=LONGEST_SOURCE)]
    summary: Annotated[str, Meta(max_length=600)] = ""
    synonyms: Annotated[
        tuple[Annotated[str, Meta(max_length=LONGEST_SYNONYM)], ...], Meta(max_length=MOST_SYNONYMS)
    ] = ()
    note: Annotated[
        str, Meta(max_length=LONGEST_NOTE, description="For colleagues; the token's name if empty.")
    ] = ""
    based_on: Annotated[
        Number | None,
        Meta(
            description="The newest revision that the program knows. Needed where somebody else wrote since it sent last."
        ),
    ] = None


class ArticleSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article by the program's own name for it. What is left out stays as it is, and another value than somebody
    set here since it was sent last fails with changed_here. A new article needs slug, category and owners. The slug of an
    article that no program writes yet takes it over."""

    external_id: Name
    slug: Slug | None = None
    category: Annotated[str, Meta(max_length=50, description="The key of a category.")] | None = None
    audience: Audience | None = None
    owners: (
        Annotated[
            dict[Language, Annotated[str, Meta(max_length=60)]],
            Meta(
                description="Who answers for it, as readers are told, by language; at least in the first.",
                extra_json_schema=BY_LANGUAGE,
            ),
        ]
        | None
    ) = None
    owner: (
        Annotated[
            str, Meta(max_length=254, description="The address of the agent who is reminded of reviews.")
        ]
        | None
    ) = None
    review_on: date | None = None
    issue_type: IssueTypeSent | None = None
    tool: Tool | None = None
    texts: Annotated[dict[Language, TextSent], Meta(extra_json_schema=BY_LANGUAGE)] = {}
    state: Annotated[
        Wanted,
        Meta(description="How far the texts go at least. Publishing takes the scope articles:publish."),
    ] = Wanted.DRAFT
    size: Annotated[Size, Meta(description="How much a published change says anew.")] = Size.MEDIUM


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    articles: Annotated[tuple[ArticleSent, ...], Meta(min_length=1, max_length=MOST_ARTICLES)]


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has to be mended before an article is taken in; `line` is the text's, counted from one."""

    code: Literal[
        "archived",
        "changed_here",
        "invalid",
        "needs_publisher",
        "sent_twice",
        "slug_taken",
        "unknown_category",
        "unknown_language",
        "unknown_owner",
    ]
    message: str
    field: str = ""
    language: str = ""
    line: Annotated[int, Meta(ge=0)] = 0

    @classmethod
    def of(cls, problem: Problem, *, field: str, language: str = "") -> Fault:
        return cls("invalid", problem.in_words(), field, language, problem.line or 0)


class TextTaken(msgspec.Struct, frozen=True):
    """The newest revision of this language now."""

    revision: Number
    state: State


class ArticleTaken(msgspec.Struct, frozen=True):
    """What became of one article. A failed one is as it was before."""

    external_id: str
    result: Literal["created", "updated", "unchanged", "failed"]
    number: Number | None = None
    slug: str | None = None
    texts: dict[str, TextTaken] = {}
    errors: tuple[Fault, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    created: Number
    updated: Number
    unchanged: Number
    failed: Number
    articles: tuple[ArticleTaken, ...]


class TextListed(msgspec.Struct, frozen=True):
    """`revision` and `state` are of the newest text, `published` of the one that readers see."""

    revision: Number
    state: State
    title: str
    published: Number | None
    archived: bool


class ArticleListed(msgspec.Struct, frozen=True):
    number: Number
    external_id: str | None
    slug: str
    category: str
    audience: Audience
    owners: dict[str, str]
    owner: str | None
    review_on: date
    issue_type: IssueTypeSent
    tool: Tool
    texts: Mapping[str, TextListed]


class Listed(msgspec.Struct, frozen=True):
    articles: tuple[ArticleListed, ...]
    next: Annotated[str | None, Meta(description="The address of the next page.")]


class TextWhole(TextListed, frozen=True):
    summary: str
    synonyms: tuple[str, ...]
    source: str
    note: str


class ArticleWhole(ArticleListed, frozen=True):
    texts: Mapping[str, TextWhole]
