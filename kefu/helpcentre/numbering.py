"""Which article here a folder means, and its place in lists: articles change places without meeting on the way.

A folder names an article by its address. One that was renamed here is found by the name that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Max

from kefu.brands.models import Brand
from kefu.helpcentre.folder import ArticleFile, BadFolder
from kefu.helpcentre.models import Article, FormerSlug


def articles_meant(found: Iterable[ArticleFile], brand: Brand) -> dict[str, Article]:
    """By the folder's name those that are here already. Raises BadFolder where two names are one article."""
    slugs = {one.slug for one in found}
    renamed = FormerSlug.objects.filter(brand=brand, slug__in=slugs).select_related(
        "article__category", "article__owner"
    )
    meant = {one.slug: one.article for one in renamed}
    here = Article.objects.of_brand(brand).filter(slug__in=slugs).select_related("category", "owner")
    meant |= {one.slug: one for one in here}
    names: dict[int, str] = {}
    for slug, article in sorted(meant.items()):
        if article.pk in names:
            raise BadFolder(f"{names[article.pk]} and {slug} are one article here; take one of them away.")
        names[article.pk] = slug
    return meant


def frame_of(article: Article) -> dict[str, object]:
    """As the folder would say it."""
    return {
        "number": article.number,
        "category": article.category.key,
        "audience": article.audience,
        "owners": article.owners,
        "owner": article.owner.email if article.owner else "",
        "review_on": article.review_on.isoformat(),
        "tool": article.tool or "",
        "issue_type": article.issue_type,
    }


def is_reframed(article: Article, wanted: Mapping[str, object]) -> bool:
    """Whether somebody changed the frame here since it came in last."""
    return frame_of(article) not in (article.imported, wanted)


def moving(
    found: Iterable[ArticleFile], meant: Mapping[str, Article], *, is_overruled: bool
) -> dict[int, int]:
    """New numbers by the ids of the articles that get another; those whose frame was changed here stay unless overruled.

    Raises BadFolder for a number that two would have.
    """
    wanted: dict[int, str] = {}
    moves: dict[int, int] = {}
    for one in found:
        if one.number in wanted:
            raise BadFolder(f"{wanted[one.number]} and {one.slug} have the same number, {one.number}.")
        wanted[one.number] = one.slug
        article = meant.get(one.slug)
        if article is None or article.number == one.number or article.imported == one.frame():
            continue
        if is_overruled or not is_reframed(article, one.frame()):
            moves[article.pk] = one.number
    return moves


def require_free(
    found: Iterable[ArticleFile], meant: Mapping[str, Article], moves: Mapping[int, int], brand: Brand
) -> None:
    """Raises BadFolder for a number that belongs to an article which stays where it is."""
    wanted = {one.number: one.slug for one in found}
    for article in Article.objects.of_brand(brand).filter(number__in=wanted).exclude(pk__in=moves):
        slug = wanted[article.number]
        if slug not in meant or meant[slug].pk in moves:
            raise BadFolder(
                f"{slug} has the number {article.number}, which is {article.slug}'s here; give one of them another."
            )


def renumber(moves: Mapping[int, int], brand: Brand) -> None:
    """Each first beyond the last, then at its new place; the folder's own memory of the place goes with it."""
    last = Article.objects.of_brand(brand).aggregate(last=Max("number"))["last"] or 0
    articles = Article.objects.of_brand(brand).filter(pk__in=moves)
    first_free = max([last, *moves.values()]) + 1
    for number, article in enumerate(articles.order_by("pk"), first_free):
        Article.objects.filter(pk=article.pk).update(number=number)
    for article in articles:
        article.number = moves[article.pk]
        article.imported = article.imported | {"number": article.number} if article.imported else {}
        article.save(update_fields=["number", "imported"])
