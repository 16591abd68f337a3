"""What readers see is written here alone: a revision becomes the published one, and published ones are drawn anew.

It asks no policy and checks no state; the verbs do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from django.db.models import Q
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.helpcentre.drawing import Drawings, Drawn, Surroundings
from kefu.helpcentre.events import ArticlePublished
from kefu.helpcentre.markdown import VERSION
from kefu.helpcentre.models import Article, Picture, Revision, Size, State, Translation
from kefu.journal.actions import record
from kefu.journal.actor import Actor

WORDS = (
    "title",
    "summary",
    "synonyms",
    "source",
    "html",
    "text",
    "contents",
    "minutes",
    "digest",
    "renderer",
)


def show(
    revision: Revision,
    drawn: Drawn,
    *,
    actor: Actor,
    size: Size,
    updated_on: date | None = None,
) -> None:
    """Readers see this revision from now on; the caller holds the translation's lock and records the event.

    A typo leaves the date that readers see. A schedule that is older than what is published now is off.
    """
    translation = revision.translation
    translation.revisions.filter(
        Q(state=State.PUBLISHED) | Q(number__lt=revision.number, state__in=("draft", "review", "scheduled"))
    ).update(state=State.SUPERSEDED)
    revision.state, revision.size, revision.published_at = State.PUBLISHED, size, now()
    revision.publish_at, revision.publisher_id = None, actor.id
    revision.save(update_fields=["state", "size", "published_at", "publish_at", "publisher_id"])
    is_first = translation.published is None
    translation.published = revision.number
    if updated_on is not None or is_first or size != Size.TYPO:
        date_text(translation, updated_on)
    _write(translation, drawn)
    translation.save(update_fields=[*WORDS, "published", "updated_at", "updated_on"])
    _link_pictures(translation, drawn)


def date_text(translation: Translation, day: date | None) -> None:
    """It was written on this day, or just now; in no case later than now."""
    at = now()
    translation.updated_on = min(day, at.astimezone(UTC).date()) if day else None
    noon = datetime.combine(translation.updated_on, time(12), UTC) if translation.updated_on else at
    translation.updated_at = min(noon, at)


def draw_ready(translations: Iterable[Translation], *, drawings: Drawings) -> dict[int, Drawn]:
    """Draw published texts before anybody has to wait for it, and write nothing; by the texts' ids. Raises Problem."""
    shown = [one for one in translations if one.published is not None]
    texts = _published_texts(shown)
    return {one.pk: _draw(one, texts[one.pk], drawings) for one in shown}


def draw_anew(
    translations: Iterable[Translation],
    *,
    brand: Brand,
    actor: Actor,
    kept: Collection[int] = (),
    ready: Drawings | None = None,
) -> set[int]:
    """Write published texts as they are to be seen now; gives the ids of the articles that read differently.

    The caller holds the brand's lock. Those in `kept` have been told of already, so no event is recorded for them. What is
    `ready` needs no drawing while the lock is held, and what was archived meanwhile is passed over. Raises Problem for a text
    that can't be drawn any more.
    """
    surroundings = Surroundings.of(brand)
    rows = Translation.objects.locked().shown().filter(pk__in=[one.pk for one in translations])
    shown = list(rows.select_related("article").order_by("pk"))
    texts, pictured = _published_texts(shown), _pictured(shown)
    drawings = ready.amid(surroundings) if ready else Drawings(surroundings)
    changed: set[int] = set()
    for translation in shown:
        drawn = _draw(translation, texts[translation.pk], drawings)
        if drawn.digest == translation.digest:
            continue
        _write(translation, drawn)
        translation.save(update_fields=list(WORDS))
        if drawn.picture_keys or translation.pk in pictured:
            _link_pictures(translation, drawn)
        changed.add(translation.article_id)
    for article in Article.objects.filter(pk__in=changed - set(kept)).order_by("pk"):
        record(ArticlePublished(actor=actor, brand_id=brand.pk, subject_id=article.pk))
    return changed


def _draw(translation: Translation, revision: Revision, drawings: Drawings) -> Drawn:
    return drawings.of(revision.text, language=translation.language, audience=translation.article.audience)


def _published_texts(translations: Collection[Translation]) -> dict[int, Revision]:
    found = Revision.objects.filter(translation__in=[one.pk for one in translations], state=State.PUBLISHED)
    return {revision.translation_id: revision for revision in found}


def _pictured(translations: Collection[Translation]) -> set[int]:
    """Those that show pictures; one query for all, for the lock is held meanwhile."""
    links = Translation.pictures.through.objects.filter(translation__in=[one.pk for one in translations])
    return set(links.values_list("translation_id", flat=True))


def _link_pictures(translation: Translation, drawn: Drawn) -> None:
    shown = Picture.objects.filter(brand=translation.article.brand_id, key__in=drawn.picture_keys)
    translation.pictures.set(shown)


def _write(translation: Translation, drawn: Drawn) -> None:
    """The words of the row."""
    translation.title, translation.summary = drawn.title, drawn.summary
    translation.synonyms, translation.source = list(drawn.synonyms), drawn.source
    translation.html, translation.text = drawn.rendered.html, drawn.rendered.text
    translation.contents = [{"id": one.id, "title": one.title} for one in drawn.rendered.contents]
    translation.minutes, translation.digest = drawn.rendered.minutes, drawn.digest
    translation.renderer = VERSION
