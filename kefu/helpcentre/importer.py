"""Articles from a folder: one folder an article, one Markdown file a language, TOML in front.

    categories.toml                 [[category]] key, icon, topic, names
    facts.toml                      figures, quoted in the texts as {{ facts.limits.daily }}
    pictures/<key>.png              shown in the texts as ![what it shows](image:key)
    articles/<slug>/article.toml    number, category, issue_type, audience, review_on, owners, owner, tool, former_slugs,
                                    old_addresses
    articles/<slug>/<language>.md   +++ title, summary, synonyms, updated_on, reviewed_on +++ and the text

Importing again changes what has changed in the folder. What somebody changed here since it was imported is left alone and
reported, unless the folder is told to win. Everything is read and drawn before the first row is written, once if what it was
drawn from then is stored, and each article has a short transaction of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.helpcentre.bringing_in import bring_in_texts
from kefu.helpcentre.drawing import Drawings, Surroundings
from kefu.helpcentre.events import ShelfAdded, ShelfChanged
from kefu.helpcentre.folder import ArticleFile, BadFolder, CategoryFile, Folder, read_folder
from kefu.helpcentre.import_under_way import Import, Wins
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.markdown import VERSION
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import (
    Article,
    Audience,
    Category,
    Fact,
    FactRevision,
    FormerSlug,
    OldAddress,
    Revision,
    State,
    Translation,
)
from kefu.helpcentre.numbering import articles_meant, frame_of, is_reframed, moving, renumber, require_free
from kefu.helpcentre.opening import open_to_readers
from kefu.helpcentre.picture_store import keep_pictures
from kefu.helpcentre.showing import draw_anew, draw_ready
from kefu.helpcentre.verbs.addresses import add_old_address, path_as_typed, remove_old_address
from kefu.helpcentre.verbs.facts import BadFact, require_apart
from kefu.helpcentre.verbs.framing import keep_former_slug
from kefu.helpcentre.verbs.shelves import bring_back_shelf, change_values, tell_of_articles, write_shelf_down
from kefu.journal.actor import Actor

__all__ = ["Imported", "Wins", "import_articles"]


@dataclass(frozen=True)
class Imported:
    """How many articles read differently now and how many are as they were; what was changed here and so left alone."""

    written: int
    unchanged: int
    left_alone: tuple[str, ...] = ()


def import_articles(folder: Path, *, brand: Brand, by: Actor, wins: Wins = Wins.HERE) -> Imported:
    """Bring a brand's categories, facts, pictures and articles to what the folder says.

    Raises BadFolder with what to mend before anything is changed.
    """
    before = Surroundings.of(brand)
    found = read_folder(folder, languages=brand.languages, surroundings=before)
    run = Import(brand, by, wins, articles_meant(found.articles, brand), found.drawings)
    moves = moving(found.articles, run.meant, is_overruled=wins is Wins.FOLDER)
    require_free(found.articles, run.meant, moves, brand)
    _require_facts_apart(found, brand)
    owners = _owners(found)
    run.shelves = _store_categories(found, run)
    _store_facts(found, run)
    keep_pictures(found.pictures, brand=brand, actor=by)
    _store_numbers(moves, run)
    for article in found.articles:
        _store_frame(article, run, owners.get(article.owner))
    for article in found.articles:
        _store_addresses(article, run)
    open_to_readers(run)
    for article in found.articles:
        _store_texts(article, run)
    _draw_what_differs(run, before)
    own = {article.pk for article in run.meant.values()}
    return Imported(len(run.told), len(own - run.told), tuple(run.left_alone))


def _draw_what_differs(run: Import, before: Surroundings) -> None:
    """What quotes or links to something that is otherwise now, or was drawn by another renderer.

    An article at a time, drawn before its short transaction. What can't be drawn any more stays as it is, and is reported.
    """
    drawings = run.drawn_today()
    differing = before.differing(drawings.surroundings)
    published = Revision.objects.filter(state=State.PUBLISHED, translation__article__brand=run.brand)
    shown = published.filter(translation__archived_at=None).select_related("translation__article")
    concerned: dict[int, list[Translation]] = defaultdict(list)
    for one in shown.defer("translation__html", "translation__text", "translation__source").iterator():
        translation = one.translation
        if translation.renderer != VERSION or differing.concern(one.text, translation.article):
            concerned[translation.article_id].append(translation)
    for rows in concerned.values():
        try:
            _draw_article(rows, run, drawings.for_a_while())
        except Problem as problem:
            run.left_alone.append(f"{rows[0].article.slug}: {problem}")


def _draw_article(rows: list[Translation], run: Import, drawings: Drawings) -> None:
    drawn = draw_ready(rows, drawings=drawings)
    if any(drawn[one.pk].digest != one.digest for one in rows):
        with transaction.atomic():
            lock_brand(run.brand.pk)
            run.told |= draw_anew(rows, brand=run.brand, actor=run.by, ready=drawings)
    Translation.objects.filter(pk__in=drawn).exclude(renderer=VERSION).update(renderer=VERSION)


def _require_facts_apart(found: Folder, brand: Brand) -> None:
    here = set(Fact.objects.filter(brand=brand).values_list("key", flat=True))
    for key in found.facts:
        try:
            require_apart(key, here - {key})
        except BadFact as problem:
            raise BadFolder(f"facts.toml: {key}: {problem}") from problem


def _owners(found: Folder) -> dict[str, Agent]:
    wanted = {one.owner for one in found.articles if one.owner}
    known = {agent.email: agent for agent in Agent.objects.filter(email__in=wanted)}
    missing = sorted(wanted - set(known))
    if missing:
        raise BadFolder(f"Nobody here has the address {missing[0]}, which an article names as its owner.")
    return known


@transaction.atomic
def _store_categories(folder: Folder, run: Import) -> dict[str, Category]:
    lock_brand(run.brand.pk)
    return {one.key: _store_category(one, place, run) for place, one in enumerate(folder.categories)}


def _store_category(found: CategoryFile, place: int, run: Import) -> Category:
    wanted = {"names": found.names, "icon": found.icon, "topic": found.topic, "place": place}
    category = Category.objects.filter(brand=run.brand, key=found.key).first()
    if category is None:
        made = Category.objects.create(brand=run.brand, key=found.key, imported=wanted, **wanted)
        write_shelf_down(ShelfAdded, made, run.by, before={})
        return made
    before = category.said()
    is_changed_here = before not in (category.imported, wanted)
    if category.imported == wanted or not run.may_write(
        f"shelf {found.key}", is_changed_here=is_changed_here
    ):
        return category
    change_values(category, wanted, ShelfChanged, run.by)
    category.imported = wanted
    category.save(update_fields=["imported"])
    if before["names"] != found.names:
        run.told.update(tell_of_articles(category, run.by))
    return category


@transaction.atomic
def _store_facts(folder: Folder, run: Import) -> None:
    lock_brand(run.brand.pk)
    known = {fact.key: fact for fact in Fact.objects.filter(brand=run.brand)}
    for key, value in folder.facts.items():
        fact = known.get(key) or Fact(brand=run.brand, key=key)
        if fact.pk is not None and fact.imported == value:
            continue
        is_changed_here = fact.pk is not None and fact.value not in (fact.imported, value)
        if not run.may_write(f"fact {key}", is_changed_here=is_changed_here):
            continue
        if fact.pk is None or fact.value != value:
            FactRevision.objects.create(
                brand=run.brand,
                key=key,
                before={"value": fact.value} if fact.pk else {},
                after={"value": value},
                actor_kind=run.by.kind,
                actor_id=run.by.id,
            )
        fact.value = fact.imported = value
        fact.save()


@transaction.atomic
def _store_numbers(moves: Mapping[int, int], run: Import) -> None:
    """All at once, so that two can change places; readers' lists are in another order then."""
    lock_brand(run.brand.pk)
    renumber(moves, run.brand)
    for article in Article.objects.filter(pk__in=moves).order_by("pk"):
        run.tell(article)


@transaction.atomic
def _store_frame(found: ArticleFile, run: Import, owner: Agent | None) -> None:
    """The article without its texts, so that all links find their end before the first text is drawn."""
    lock_brand(run.brand.pk)
    article = run.article(found.slug)
    wanted = found.frame()
    if article.pk is not None and article.slug != found.slug:
        _store_name(found.slug, article, run)
    if article.imported == wanted:
        return
    is_changed_here = article.pk is not None and is_reframed(article, wanted)
    if run.may_write(found.slug, is_changed_here=is_changed_here):
        _write_frame(found, article, run, owner)


def _write_frame(found: ArticleFile, article: Article, run: Import, owner: Agent | None) -> None:
    """Nothing becomes everybody's here: what is for staff alone stays so until the texts come that are for everybody."""
    shelf, audience = run.shelves[found.category], found.audience
    if article.pk is not None and (article.audience, audience) == (Audience.STAFF, Audience.PUBLIC):
        run.opening.append(found)
        audience = article.audience
    wanted = found.frame() | {"audience": audience}
    is_new = article.pk is None or frame_of(article) != wanted
    # Somebody may have archived it since the shelves were stored.
    bring_back_shelf(shelf=shelf, by=run.by)
    article.category, article.owner = shelf, owner
    article.number, article.audience, article.owners = found.number, audience, found.owners
    article.review_on, article.tool, article.imported = found.review_on, found.tool, wanted
    article.issue_type = found.issue_type
    article.save()
    run.meant[found.slug] = article
    if is_new:
        run.tell(article)


def _store_name(slug: str, article: Article, run: Import) -> None:
    """It was renamed here, and keeps that name unless the folder wins; links by the other name lead to it."""
    if run.may_write(f"{slug}, which is {article.slug} now", is_changed_here=True):
        FormerSlug.objects.filter(brand=run.brand, slug=slug).delete()
        keep_former_slug(article)
        article.slug = slug
        article.save(update_fields=["slug"])
        run.tell(article)


@transaction.atomic
def _store_addresses(found: ArticleFile, run: Import) -> None:
    """Once all articles have their names, for none of these may be one of them."""
    lock_brand(run.brand.pk)
    article = run.article(found.slug)
    in_use = Article.objects.of_brand(run.brand).filter(slug__in=found.former_slugs)
    taken = set(in_use.values_list("slug", flat=True))
    for slug in found.former_slugs:
        if slug in taken:
            run.left_alone.append(f"{found.slug}: {slug}, which is the address of an article here")
        else:
            _store_former_slug(slug, found, article, run)
    for path, language in found.old_addresses:
        old = OldAddress.objects.filter(brand=run.brand, path=path).select_related("article").first()
        if old is not None and (old.article_id, old.language) != (article.pk, language):
            if not _may_lead(path, f"{old.article.slug} {old.language}".strip(), found, run):
                continue
            remove_old_address(address=old, by=run.by)
        add_old_address(article=article, path=path_as_typed(path), language=language, by=run.by)


def _store_former_slug(slug: str, found: ArticleFile, article: Article, run: Import) -> None:
    former, _ = FormerSlug.objects.get_or_create(brand=run.brand, slug=slug, defaults={"article": article})
    if former.article_id != article.pk and _may_lead(slug, former.article.slug, found, run):
        former.article = article
        former.save(update_fields=["article"])


def _may_lead(address: str, elsewhere: str, found: ArticleFile, run: Import) -> bool:
    return run.may_write(f"{found.slug}: {address}, which leads to {elsewhere}", is_changed_here=True)


def _store_texts(found: ArticleFile, run: Import) -> None:
    """What can't be drawn here, because something was left alone that it links to, is left alone as well."""
    told, left_alone = set(run.told), list(run.left_alone)
    try:
        with transaction.atomic():
            lock_brand(run.brand.pk)
            bring_in_texts(found, run.article(found.slug), run)
    except Problem as problem:
        run.told, run.left_alone = told, [*left_alone, f"{found.slug}: {problem}"]
