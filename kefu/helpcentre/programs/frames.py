"""The frame that a program sends: by the editor's own rules. What it leaves out stays as it is, and so does what somebody
set here since it sent that field last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.helpcentre.editing.typed_frame import TypedFrame
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import Article, Category
from kefu.helpcentre.permission import may_write
from kefu.helpcentre.programs.shapes import ArticleSent, Fault, Language
from kefu.helpcentre.programs.unfit import Unfit
from kefu.helpcentre.text import seen

# The fields that a program may send, as a written frame calls them.
WRITTEN_AS = {
    "slug": "slug",
    "category": "category",
    "audience": "audience",
    "owners": "owners",
    "owner": "owner_id",
    "review_on": "review_on",
    "issue_type": "issue_type",
    "tool": "tool",
}


def frame_sent(sent: ArticleSent, *, brand: Brand, article: Article | None) -> Frame:
    """Raises Unfit."""
    before = TypedFrame.of(article) if article else TypedFrame.empty()
    said: dict[str, Any] = {
        "slug": sent.slug,
        "category": _category(sent.category, brand),
        "audience": sent.audience,
        "owners": _owners(sent.owners, brand),
        "owner": _owner(sent.owner, brand),
        "review_on": sent.review_on.isoformat() if sent.review_on else None,
        "issue_type": sent.issue_type,
        "tool": sent.tool,
    }
    typed = replace(before, **{name: value for name, value in said.items() if value is not None})
    wrong = list(typed.what_is_wrong(brand))
    if wrong:
        raise Unfit(*(Fault("invalid", says, where) for where, says in wrong))
    if article is not None:
        _require_none_changed_here(sent, typed.frame, article)
    return typed.frame


def _require_none_changed_here(sent: ArticleSent, frame: Frame, article: Article) -> None:
    wanted, now, known = frame.written(), Frame.of(article).written(), article.sent
    changed = [
        field
        for field, name in said_in(sent).items()
        if wanted[name] != now[name] and now[name] != known.get(name)
    ]
    says = f"Somebody set this here. Read article {article.number}, send this as it stands, and then as you want it."
    if changed:
        raise Unfit(*(Fault("changed_here", says, field) for field in changed))


def said_in(sent: ArticleSent) -> dict[str, str]:
    """The fields of the frame that it names, and what a written frame calls each."""
    return {field: name for field, name in WRITTEN_AS.items() if getattr(sent, field) is not None}


def remember_sent(sent: ArticleSent, *, article: Article, is_new: bool) -> None:
    """What stands now is what the program said, or has seen; of a new article that is all of it."""
    written = Frame.of(article).written()
    names = WRITTEN_AS if is_new else said_in(sent)
    known = article.sent | {name: written[name] for name in names.values()}
    if known != article.sent:
        Article.objects.filter(pk=article.pk).update(sent=known)


def _category(key: str | None, brand: Brand) -> Category | None:
    shelves = Category.objects.in_use().filter(brand=brand)
    found = shelves.filter(key=key).first() if key is not None else None
    if key is not None and found is None:
        known = ", ".join(shelves.values_list("key", flat=True))
        raise Unfit(Fault("unknown_category", f"The categories are: {known}.", "category"))
    return found


def _owners(names: Mapping[Language, str] | None, brand: Brand) -> dict[str, str] | None:
    """As the editor's form takes them."""
    if names is None:
        return None
    require_languages(names, brand, field="owners")
    return {language: seen(" ".join(name.split())) for language, name in names.items()}


def require_languages(said: Iterable[str], brand: Brand, *, field: str = "") -> None:
    """Raises Unfit for those that the brand has not."""
    unknown = [language for language in said if language not in brand.languages]
    if unknown:
        says = f"This brand has the languages {', '.join(brand.languages)}."
        raise Unfit(*(Fault("unknown_language", says, field, language) for language in unknown))


def _owner(address: str | None, brand: Brand) -> Agent | None:
    if address is None:
        return None
    found: Agent | None = Agent.objects.active().filter(email=address.lower()).first()
    if found is None or not may_write(found, brand):
        raise Unfit(Fault("unknown_owner", "No agent who writes for this brand has this address.", "owner"))
    return found
