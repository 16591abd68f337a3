"""Doors of the help centre's editors, and of staff who read what is theirs alone."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import TEAM_READS, by_token, form, page
from kefu.config.tests.mallory.world import MARK, World
from kefu.safety.tests.files import picture

WRITERS = {"writer", "publisher", "admin"}
PUBLISHERS = {"publisher", "admin"}
ANYWHERE = WRITERS | {"publisher of another brand"}
READERS = TEAM_READS | {"supervisor of another team"}
EDIT, PUBLISH = May.EDIT_ARTICLES, May.PUBLISH_ARTICLES


def of(**values: Any) -> Any:
    return lambda world: {"brand": world.house.brand.pk, "seen": "999999999"} | values


def words(**values: Any) -> Any:
    """What the editor's page sends; based on the draft that there is."""
    text = {"title": "New", "summary": "New.", "synonyms": "a\nb\nc", "source": "New words."}
    return lambda world: text | {"based_on": world.shelf.draft.number} | values


def frame(**values: Any) -> Any:
    def typed(world: World) -> dict[str, Any]:
        said = {
            "slug": "renamed",
            "category": world.shelf.category.pk,
            "audience": "public",
            "review_on": "2030-02-01",
        }
        owners = {f"owners-{code}": "us" for code in world.house.brand.languages}
        return {"brand": world.house.brand.pk, "seen": "999999999"} | said | owners | values

    return typed


def shelf(**values: Any) -> Any:
    def typed(world: World) -> dict[str, Any]:
        names = {f"name-{code}": "New" for code in world.house.brand.languages}
        return {"brand": world.house.brand.pk, "seen": "999999999", "icon": "book"} | names | values

    return typed


def upload(world: World) -> dict[str, Any]:
    sent = SimpleUploadedFile("a.png", picture(), content_type="image/png")
    return {"brand": world.house.brand.pk, "key": "another", "file": sent}


PUBLIC = ("shelf.public.pk", "shelf.language")
DRAFT = (*PUBLIC, "shelf.draft.number")
ARTICLE_DOORS = (
    page(EDIT, "articles:articles", WRITERS, shows=MARK, quiet=True),
    page(EDIT, "articles:new", ANYWHERE),
    form(EDIT, "articles:new", WRITERS, of=frame(slug="another")),
    page(EDIT, "articles:article", WRITERS, "shelf.public.pk", shows=MARK),
    page(EDIT, "articles:frame", WRITERS, "shelf.public.pk"),
    form(PUBLISH, "articles:frame", PUBLISHERS, "shelf.public.pk", of=frame()),
    form(EDIT, "articles:frame", WRITERS, "shelf.reviewed.pk", of=frame(), about="unpublished"),
    form(EDIT, "articles:reviewed", WRITERS, "shelf.public.pk", of=of(review_on="2031-01-01")),
    page(EDIT, "articles:archived", WRITERS, "shelf.public.pk"),
    form(PUBLISH, "articles:archived", PUBLISHERS, "shelf.public.pk"),
    form(PUBLISH, "articles:brought_back", PUBLISHERS, "shelf.archived.pk"),
    page(EDIT, "articles:write", WRITERS, *PUBLIC, shows=MARK),
    form(EDIT, "articles:write", WRITERS, *PUBLIC, of=words()),
    form(EDIT, "articles:preview", WRITERS, *PUBLIC, of=words(), shows="New words.", changes=False),
    form(EDIT, "articles:company", WRITERS, *PUBLIC, of=of(based_on="1", changing="yes")),
    page(EDIT, "articles:revisions", WRITERS, *PUBLIC, shows=MARK),
    page(EDIT, "articles:revision", WRITERS, *DRAFT, shows=MARK),
    form(EDIT, "articles:restored", WRITERS, *PUBLIC, "shelf.first"),
    form(EDIT, "articles:sent_back", WRITERS, "shelf.reviewed.pk", "shelf.language", "shelf.first"),
    form(
        PUBLISH,
        "articles:sent_back",
        PUBLISHERS,
        "shelf.scheduled.pk",
        "shelf.language",
        "shelf.first",
        about="scheduled",
    ),
    page(PUBLISH, "articles:publish", PUBLISHERS, *DRAFT, shows=MARK),
    form(PUBLISH, "articles:publish", PUBLISHERS, *DRAFT, of=of(size="medium", when="now")),
    page(EDIT, "articles:shelves", WRITERS, shows=MARK, quiet=True),
    page(EDIT, "articles:shelf_new", ANYWHERE),
    form(PUBLISH, "articles:shelf_new", PUBLISHERS, of=shelf(key="another")),
    page(EDIT, "articles:shelf", WRITERS, "shelf.empty.pk", shows=MARK),
    form(PUBLISH, "articles:shelf", PUBLISHERS, "shelf.empty.pk", of=shelf()),
    form(PUBLISH, "articles:shelf_moved", PUBLISHERS, "shelf.empty.pk", of=of(to="up")),
    page(PUBLISH, "articles:shelf_archived", PUBLISHERS, "shelf.empty.pk", shows=MARK),
    form(PUBLISH, "articles:shelf_archived", PUBLISHERS, "shelf.empty.pk"),
    form(PUBLISH, "articles:shelf_back", PUBLISHERS, "shelf.unused.pk"),
    page(EDIT, "articles:facts", WRITERS, shows=MARK, quiet=True),
    page(EDIT, "articles:fact_new", ANYWHERE),
    form(PUBLISH, "articles:fact_new", PUBLISHERS, of=of(key="limits.daily", value="5")),
    page(EDIT, "articles:fact", WRITERS, "shelf.fact_key", shows=MARK),
    form(PUBLISH, "articles:fact", PUBLISHERS, "shelf.fact_key", of=of(value="11")),
    form(PUBLISH, "articles:fact_removed", PUBLISHERS, "shelf.unused_key", of=of()),
    page(EDIT, "articles:facts_history", WRITERS, shows=MARK, quiet=True),
    form(PUBLISH, "articles:fact_put_back", PUBLISHERS, "shelf.fact_revision.pk", of=of()),
    page(EDIT, "articles:addresses", WRITERS, shows=MARK, quiet=True),
    form(PUBLISH, "articles:addresses", PUBLISHERS, of=of(path="/hc/1", slug="public")),
    form(PUBLISH, "articles:address_removed", PUBLISHERS, "shelf.address.pk"),
    page(EDIT, "articles:pictures", WRITERS, shows=MARK, quiet=True),
    form(EDIT, "articles:pictures", WRITERS, of=upload),
    page(EDIT, "articles:reports", WRITERS, shows=MARK, quiet=True),
    page(EDIT, "articles:voices", WRITERS, shows=MARK, quiet=True),
    form(EDIT, "articles:voice_done", WRITERS, "shelf.voice.pk"),
    form(EDIT, "articles:words_removed", WRITERS, "shelf.voice.pk"),
    form(EDIT, "articles:picture_removed", WRITERS, "shelf.spare.pk"),
)


def sent(**values: Any) -> Any:
    """What a program sends of a new article."""

    def typed(world: World) -> dict[str, Any]:
        text = {"title": "New", "summary": "New.", "synonyms": ["a", "b", "c"], "source": "New words."}
        said = {"external_id": "new", "slug": "new", "category": "deposits"}
        owners = {world.house.brand.first_language: "us"}
        return {"articles": [said | {"owners": owners, "texts": {"en": text}} | values]}

    return typed


PROGRAM_DOORS = (
    by_token(May.READ_DRAFTS, "api_editor_articles", WRITERS, shows=MARK),
    by_token(May.READ_DRAFTS, "api_editor_article", WRITERS, "shelf.public.number", shows=MARK),
    by_token(EDIT, "api_editor_articles", WRITERS, of=sent()),
    by_token(PUBLISH, "api_editor_articles", PUBLISHERS, of=sent(state="published"), about="published"),
)
READING_DOORS = (
    page(May.READ_STAFF_ARTICLES, "staff_articles:search", READERS, shows=MARK, quiet=True),
    page(May.READ_STAFF_ARTICLES, "staff_articles:article", READERS, "shelf.staff.slug", shows=MARK),
    page(May.READ_STAFF_ARTICLES, "picture", READERS, "shelf.picture.name"),
)
