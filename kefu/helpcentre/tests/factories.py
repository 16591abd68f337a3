"""Articles to write on: a shelf, one of each kind, and people who write and publish."""

from __future__ import annotations

from datetime import date
from typing import Any

from kefu.accounts.models import Agent, Knowledge, Role
from kefu.accounts.tests.factories import make_agent, make_team
from kefu.brands.models import Brand
from kefu.helpcentre.actions import add_article, publish, save_draft
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import Article, Category, Revision, Size, Translation
from kefu.helpcentre.text import Text

OWNERS = {"zh-hans": "充提团队", "zh-hant": "加值提領小組", "en": "the deposits team"}


def make_editor(brand: Brand, knowledge: Knowledge = Knowledge.PUBLISHES, name: str = "林晚晴") -> Agent:
    return make_agent(name, teams=[make_team(brand)], knowledge=knowledge, language="en")


def make_admin(brand: Brand) -> Agent:
    return make_agent("苏予安", role=Role.ADMIN, teams=[make_team(brand)], language="en")


def make_shelf(brand: Brand) -> Category:
    names = {"zh-hans": "充值与提现", "zh-hant": "加值與提領", "en": "Deposits & withdrawals"}
    return Category.objects.get_or_create(brand=brand, key="deposits", defaults={"names": names})[0]


def make_frame(brand: Brand, slug: str, **more: Any) -> Frame:
    said = {"slug": slug, "category": make_shelf(brand), "review_on": date(2030, 1, 1), "owners": OWNERS}
    return Frame(**said | more)


def make_article(brand: Brand, slug: str, *, by: Agent, **more: Any) -> Article:
    return add_article(brand=brand, frame=make_frame(brand, slug, **more), by=by)


def make_text(title: str = "Deposit not here", source: str = "Wait a little.", **more: Any) -> Text:
    said = {"summary": "Most only need to wait.", "synonyms": ("one", "two", "three")}
    return Text(title=title, source=source.strip() + "\n", **said | more)


def of(article: Article, language: str = "en") -> Translation:
    return article.translations.select_related("newest").get(language=language)


def write(article: Article, text: Text, *, by: Agent, language: str = "en", **more: Any) -> Revision:
    """On top of whatever there is."""
    translation = of(article, language)
    newest = translation.newest.number if translation.newest else 0
    return save_draft(translation=translation, text=text, by=by, based_on=newest, **more)


def make_published(
    brand: Brand,
    slug: str,
    *,
    by: Agent,
    text: Text | None = None,
    languages: tuple[str, ...] = ("en",),
    **more: Any,
) -> Article:
    article = make_article(brand, slug, by=by, **more)
    for language in languages:
        revision = write(article, text or make_text(f"{slug} {language}"), by=by, language=language)
        publish(revision=revision, by=by, size=Size.MAJOR)
    return article
