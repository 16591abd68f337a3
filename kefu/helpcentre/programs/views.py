"""Reading the articles as editors see them, and sending some: `/api/v1/editor/articles`."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from kefu.accounts.models import TokenScope
from kefu.accounts.policy import May
from kefu.helpcentre.api_answers import Refused, number_asked
from kefu.helpcentre.models import Article, Audience, State, Translation
from kefu.helpcentre.programs.doors import Operation, Program, for_programs, require_of
from kefu.helpcentre.programs.shapes import (
    ArticleListed,
    ArticleWhole,
    Listed,
    Sent,
    Taken,
    TextListed,
    TextWhole,
    Wanted,
)
from kefu.helpcentre.programs.taking import take_in
from kefu.safety.limits import Limit
from kefu.ui.zero_characters import is_in_json

READ = Limit("helpcentre.programs.read", 600, timedelta(minutes=10))
WRITTEN = Limit("helpcentre.programs.write", 60, timedelta(minutes=10))
LARGEST_BODY = 2_000_000
MOST, USUAL = 100, 50
# All that a list tells of a text: a hundred articles in three languages have megabytes of others.
OF_LISTED = (
    *("article", "language", "published", "archived_at"),
    *("newest__number", "newest__state", "newest__title"),
)


def _list(request: HttpRequest, program: Program) -> dict[str, Any]:
    """All articles of the brand by their number, drafts and staff's own included; `after` is the last that the caller has."""
    limit = number_asked(request, "limit", USUAL, least=1, most=MOST)
    after = number_asked(request, "after", 0, least=0, most=10**9)
    texts = Translation.objects.only(*OF_LISTED)
    found = list(_articles(program, texts).filter(number__gt=after).order_by("number")[: limit + 1])
    following = None
    if len(found) > limit:
        query = urlencode({"limit": limit, "after": found[limit - 1].number})
        following = f"{program.brand.origin}{reverse('api_editor_articles')}?{query}"
    shown = tuple(ArticleListed(**_frame(one), texts=_texts(one)) for one in found[:limit])
    return _told(Listed(shown, following))


def _read(_request: HttpRequest, program: Program, number: int) -> dict[str, Any]:
    """One article with its newest texts, in the shape in which they can be sent."""
    found = (
        _articles(program, Translation.objects.listed()).filter(number=number).first()
        if number <= 10**9
        else None
    )
    if found is None:
        raise Refused(404, "not_found", "There is no article with this number.")
    texts = {
        one.language: TextWhole(
            **msgspec.structs.asdict(listed),
            summary=one.newest.summary,
            synonyms=tuple(one.newest.synonyms),
            source=one.newest.source,
            note=one.newest.note,
        )
        for one in found.translations.all()
        if (listed := _listed(one)) and one.newest
    }
    return _told(ArticleWhole(**_frame(found), texts=texts))


def _take_in(request: HttpRequest, program: Program) -> dict[str, Any]:
    """Create and change articles by the program's own names for them."""
    sent = _sent(request).articles
    if any(one.state is Wanted.PUBLISHED for one in sent):
        require_of(program, May.PUBLISH_ARTICLES)
    taken = take_in(brand=program.brand, sent=sent, by=program.holder)
    many = Counter(one.result for one in taken)
    return _told(Taken(many["created"], many["updated"], many["unchanged"], many["failed"], tuple(taken)))


def _sent(request: HttpRequest) -> Sent:
    if request.content_type != "application/json":
        raise Refused(415, "not_json", "Send JSON: Content-Type: application/json.")
    raw = request.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise Refused(413, "too_large", f"A request has at most {LARGEST_BODY} bytes; send fewer articles.")
    if is_in_json(raw):
        raise Refused(400, "malformed", "A text holds the zero character, which nothing here can keep.")
    try:
        return msgspec.json.decode(raw, type=Sent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Refused(400, "malformed", f"{problem}.") from None


def _articles(program: Program, texts: QuerySet[Translation]) -> QuerySet[Article]:
    articles = Article.objects.of_brand(program.brand).select_related("category", "owner")
    return articles.prefetch_related(Prefetch("translations", texts.select_related("newest")))


def _frame(article: Article) -> dict[str, Any]:
    return {
        "number": article.number,
        "external_id": article.external_id,
        "slug": article.slug,
        "category": article.category.key,
        "audience": Audience(article.audience),
        "owners": article.owners,
        "owner": article.owner.email if article.owner else None,
        "review_on": article.review_on,
        "issue_type": article.issue_type,
        "tool": article.tool or "",
    }


def _texts(article: Article) -> dict[str, TextListed]:
    return {one.language: listed for one in article.translations.all() if (listed := _listed(one))}


def _listed(text: Translation) -> TextListed | None:
    """Nothing for a language without a word yet."""
    newest = text.newest
    if newest is None:
        return None
    return TextListed(
        newest.number, State(newest.state), newest.title, text.published, text.archived_at is not None
    )


def _told(answer: msgspec.Struct) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(answer)
    return told


OPERATIONS = {
    "GET": Operation(TokenScope.READ_ARTICLES, READ, _list),
    "PUT": Operation(TokenScope.WRITE_ARTICLES, WRITTEN, _take_in),
}
articles = for_programs(OPERATIONS)
article = for_programs({"GET": Operation(TokenScope.READ_ARTICLES, READ, _read)})
