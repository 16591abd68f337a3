"""What a program sends becomes articles by the editor's own verbs: each article wholly, or not at all and with the reasons.

Articles that others of the same request link to go first. Nothing that somebody wrote here is passed over: a text goes on
from the revision that the program sent last, or from the one that it says it has seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction

from kefu.accounts.models import TokenHolder
from kefu.accounts.policy import Refused
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    NamedOtherwise,
    NotOpen,
    SavedMeanwhile,
    SlugTaken,
    add_article,
    change_frame,
    name_outside,
    publish,
    save_draft,
    send_to_review,
)
from kefu.helpcentre.drawing import LINKED, Drawings, Surroundings
from kefu.helpcentre.editing.typed_text import TypedText
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Article, Revision, State, Translation
from kefu.helpcentre.programs.frames import frame_sent, remember_sent, require_languages
from kefu.helpcentre.programs.shapes import ArticleSent, ArticleTaken, Fault, TextSent, TextTaken, Wanted
from kefu.helpcentre.programs.unfit import Unfit


@dataclass
class Taking:
    """One article on its way in."""

    brand: Brand
    sent: ArticleSent
    by: TokenHolder
    is_changed: bool = False
    texts: dict[str, TextTaken] = field(default_factory=dict)

    @cached_property
    def drawings(self) -> Drawings:
        """Each text is saved and then perhaps published, and drawn once for both. Read only once the frame stands."""
        return Drawings(Surroundings.of(self.brand), is_held=True)


def take_in(*, brand: Brand, sent: Sequence[ArticleSent], by: TokenHolder) -> list[ArticleTaken]:
    """In the order in which they were sent. Raises Refused where the agent may not write for this brand."""
    taken: dict[int, ArticleTaken] = {}
    for place in _linked_first(sent):
        taken[place] = take_in_one(brand=brand, sent=sent[place], by=by)
    twice = Fault("sent_twice", "This external_id was sent twice; only the first was taken.", "external_id")
    return [
        taken.get(place) or ArticleTaken(one.external_id, "failed", errors=(twice,))
        for place, one in enumerate(sent)
    ]


def _linked_first(sent: Sequence[ArticleSent]) -> Iterator[int]:
    """Places in the list, of each name the first."""
    names: dict[str, int] = {}
    slugs: dict[str, int] = {}
    for place, one in enumerate(sent):
        if names.setdefault(one.external_id, place) == place and one.slug:
            slugs.setdefault(one.slug, place)
    waiting = list(reversed(names.values()))
    begun: set[int] = set()
    done: set[int] = set()
    while waiting:
        place = waiting[-1]
        links = {slug for text in sent[place].texts.values() for slug in LINKED.findall(text.source)}
        before = [slugs[slug] for slug in sorted(links & slugs.keys()) if slugs[slug] not in begun | {place}]
        begun.add(place)
        if before:
            waiting += before
            continue
        if waiting.pop() == place and place not in done:
            done.add(place)
            yield place


def take_in_one(*, brand: Brand, sent: ArticleSent, by: TokenHolder) -> ArticleTaken:
    """Raises Refused where the agent may not write for this brand."""
    try:
        with transaction.atomic():
            return _take_in(Taking(brand, sent, by))
    except Unfit as unfit:
        return ArticleTaken(sent.external_id, "failed", errors=unfit.faults)


def _take_in(taking: Taking) -> ArticleTaken:
    sent, brand = taking.sent, lock_brand(taking.brand.pk)
    article = _known(brand, sent)
    is_new = article is None
    frame = frame_sent(sent, brand=brand, article=article)
    article = _added(taking, frame) if article is None else _framed(taking, article, frame)
    article.brand = brand
    remember_sent(sent, article=article, is_new=is_new)
    require_languages(sent.texts, brand)
    source = None
    known = {one.language: one for one in article.translations.listed().select_related("newest")}
    for language in (code for code in brand.languages if code in sent.texts):
        translation = known.get(language) or article.translations.get_or_create(language=language)[0]
        translation.article = article
        revision = _text(taking, translation, sent.texts[language], source)
        if language == brand.first_language:
            source = revision.number
        taking.texts[language] = TextTaken(revision.number, State(revision.state))
    result = "created" if is_new else "updated" if taking.is_changed else "unchanged"
    return ArticleTaken(sent.external_id, result, article.number, article.slug, taking.texts)  # type: ignore[arg-type]


def _known(brand: Brand, sent: ArticleSent) -> Article | None:
    """The article of this name, else the one at the address that no program writes yet. Raises Unfit."""
    here = Article.objects.of_brand(brand).select_related("category", "owner")
    found: Article | None = here.filter(external_id=sent.external_id).first()
    if found is None and sent.slug:
        found = here.filter(slug=sent.slug).first()
        if found is not None and found.external_id is not None:
            raise _slug_taken()
    return found


def _added(taking: Taking, frame: Frame) -> Article:
    try:
        article = add_article(brand=taking.brand, frame=frame, by=taking.by)
    except SlugTaken:
        raise _slug_taken() from None
    return name_outside(article=article, external_id=taking.sent.external_id, by=taking.by)


def _framed(taking: Taking, article: Article, frame: Frame) -> Article:
    try:
        if article.external_id is None:
            article = name_outside(article=article, external_id=taking.sent.external_id, by=taking.by)
            taking.is_changed = True
        if frame.written() != Frame.of(article).written():
            article = change_frame(article=article, frame=frame, by=taking.by)
            taking.is_changed = True
    except (SlugTaken, NamedOtherwise):
        raise _slug_taken() from None
    except Problem as problem:
        raise Unfit(Fault.of(problem, field="audience")) from None
    except Refused:
        says = "Readers see this article, or soon will: it takes the scope articles:publish, and an agent who publishes."
        raise Unfit(Fault("needs_publisher", says)) from None
    return article


def _slug_taken() -> Unfit:
    return Unfit(Fault("slug_taken", "Another article is, or was, found at this address.", "slug"))


def _text(taking: Taking, translation: Translation, sent: TextSent, source: int | None) -> Revision:
    """The newest revision of this language afterwards, as far on its way to readers as was asked for."""
    typed = TypedText(
        sent.title, sent.summary, "\n".join(sent.synonyms), sent.source, " ".join(sent.note.split())
    )
    is_for_readers = taking.sent.state != Wanted.DRAFT
    wrong = list(typed.what_is_wrong(is_for_readers=is_for_readers))
    if wrong:
        raise Unfit(*(Fault("invalid", says, where, translation.language) for where, says in wrong))
    revision = translation.newest
    if revision is None or revision.text != typed.text:
        revision = _saved(taking, translation, typed, sent.based_on, source)
    return _moved(taking, revision)


def _saved(
    taking: Taking, translation: Translation, typed: TypedText, based_on: int | None, source: int | None
) -> Revision:
    newest, language = translation.newest, translation.language
    known = based_on if based_on is not None else translation.sent_as
    try:
        if newest is not None and known != newest.number:
            raise SavedMeanwhile(newest)  # noqa: TRY301 - as the verb itself says it
        revision = save_draft(
            translation=translation,
            text=typed.text,
            by=taking.by,
            based_on=known or 0,
            note=typed.note or taking.by.name,
            of_source=source or _source_of(translation),
            drawings=taking.drawings,
        )
    except SavedMeanwhile as meanwhile:
        raise _written_here(meanwhile, language) from None
    except Problem as problem:
        raise Unfit(Fault.of(problem, field="source", language=language)) from None
    Translation.objects.filter(pk=translation.pk).update(sent_as=revision.number)
    taking.is_changed = True
    return revision


def _written_here(meanwhile: SavedMeanwhile, language: str) -> Unfit:
    number = meanwhile.newest.number
    says = f"Somebody else wrote revision {number}. Read it; to go on from it, send based_on {number}."
    return Unfit(Fault("changed_here", says, language=language))


def _source_of(translation: Translation) -> int | None:
    """As in the editor: a first draft is written with the published source beside it; later ones keep theirs."""
    article = translation.article
    if translation.newest is not None or translation.language == article.brand.first_language:
        return None
    shown = article.translations.shown().filter(language=article.brand.first_language).first()
    return shown.published if shown else None


def _moved(taking: Taking, revision: Revision) -> Revision:
    wanted = taking.sent.state
    if wanted is Wanted.DRAFT or revision.state == State.PUBLISHED:
        return revision
    before, language = revision.state, revision.translation.language
    if revision.translation.archived_at is not None:
        says = "This article was archived here; somebody has to bring it back first."
        raise Unfit(Fault("archived", says, language=language))
    try:
        if wanted is Wanted.PUBLISHED:
            revision = publish(
                revision=revision, by=taking.by, size=taking.sent.size, drawings=taking.drawings
            )
        elif revision.state == State.DRAFT:
            revision = send_to_review(revision=revision, by=taking.by)
    except Problem as problem:
        raise Unfit(Fault.of(problem, field="source", language=language)) from None
    except SavedMeanwhile as meanwhile:
        raise _written_here(meanwhile, language) from None
    except NotOpen:
        says = "Somebody else decided about this text at the same moment. Read it, and send it again."
        raise Unfit(Fault("changed_here", says, language=language)) from None
    taking.is_changed = taking.is_changed or revision.state != before
    return revision
