"""Facts are set and taken away; all published texts that quote one are drawn anew in the same moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from kefu.accounts.policy import May
from kefu.brands.models import Brand
from kefu.helpcentre.drawing import Drawings, Surroundings
from kefu.helpcentre.events import FactChanged
from kefu.helpcentre.facts import BRACES, KEY, ends_in_language, quoted_in
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Fact, FactRevision, Revision, State, Translation
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.showing import draw_anew, draw_ready
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.journal.revisions import require_unchanged

LONGEST_KEY, LONGEST_VALUE = 100, 200
LARGEST_NUMBER = 2**53


class BadFact(Problem):
    """This can't be a fact."""


class FactInUse(Exception):
    """Published texts quote it; `translations` are some of them."""

    def __init__(self, translations: list[Translation]) -> None:
        super().__init__(f"{len(translations)} texts quote it")
        self.translations = translations


def set_fact(*, brand: Brand, key: str, value: Any, by: Author, seen: int | None = None) -> Fact:
    """A whole number, a text, or a text a language. Raises Refused, BadFact, ChangedMeanwhile, or Problem.

    It changes what readers see, so it takes who may publish. Texts are drawn first, so that nobody waits for that.
    """
    actor = require_author(by, May.PUBLISH_ARTICLES, brand.pk)
    value = read_value(value)
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        raise BadFact(gettext_noop("A fact's name is small letters, digits, _ and dots: limits.daily."))
    # One from before this rule stays what it is, and can be changed.
    if ends_in_language(key) and not Fact.objects.filter(brand=brand, key=key).exists():
        raise BadFact(
            gettext_noop("A fact's name doesn't end with a language: one fact can be said in each of them.")
        )
    surroundings = Surroundings.of(brand)
    ready = Drawings(replace(surroundings, facts={**surroundings.facts, key: value}))
    draw_ready(quoting(brand, key), drawings=ready)
    return _set_fact(brand=brand, key=key, value=value, actor=actor, seen=seen, ready=ready)


@transaction.atomic
def _set_fact(*, brand: Brand, key: str, value: Any, actor: Actor, seen: int | None, ready: Drawings) -> Fact:
    lock_brand(brand.pk)
    require_unchanged(FactRevision.objects.filter(brand=brand, key=key), seen)
    fact = Fact.objects.filter(brand=brand, key=key).first()
    if fact is not None and fact.value == value:
        return fact
    require_apart(key, Fact.objects.filter(brand=brand).exclude(key=key).values_list("key", flat=True))
    before = {"value": fact.value} if fact else {}
    fact, _ = Fact.objects.update_or_create(brand=brand, key=key, defaults={"value": value})
    _write_down(brand, key, actor, before, {"value": value})
    draw_anew(quoting(brand, key), brand=brand, actor=actor, ready=ready)
    return fact


def require_apart(key: str, others: Iterable[str]) -> None:
    """A folder says facts in tables, so none can be a figure and a table of others at once. Raises BadFact."""
    for other in others:
        if other.startswith(f"{key}.") or key.startswith(f"{other}."):
            raise BadFact(
                gettext_noop("There is a fact “%(other)s”; no name goes on where another ends."), other=other
            )


@transaction.atomic
def remove_fact(*, fact: Fact, by: Author, seen: int | None = None) -> None:
    """Raises Refused, ChangedMeanwhile, or FactInUse while a published text quotes it."""
    actor = require_author(by, May.PUBLISH_ARTICLES, fact.brand_id)
    lock_brand(fact.brand_id)
    require_unchanged(FactRevision.objects.filter(brand=fact.brand, key=fact.key), seen)
    used = quoting(fact.brand, fact.key)
    if used:
        raise FactInUse(used)
    _write_down(fact.brand, fact.key, actor, {"value": fact.value}, {})
    fact.delete()


def put_back_fact(*, revision: FactRevision, by: Author, seen: int | None = None) -> None:
    """As it was before this change. Raises as set_fact and remove_fact."""
    require_author(by, May.PUBLISH_ARTICLES, revision.brand_id)
    if "value" in revision.before:
        set_fact(brand=revision.brand, key=revision.key, value=revision.before["value"], by=by, seen=seen)
        return
    fact = Fact.objects.filter(brand=revision.brand, key=revision.key).first()
    if fact is not None:
        remove_fact(fact=fact, by=by, seen=seen)


def read_value(value: Any) -> Any:
    """Raises BadFact."""
    if isinstance(value, Mapping):
        return {language: _read(said) for language, said in value.items()}
    return _read(value)


def _read(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return value
    if not isinstance(value, str) or not value.strip():
        raise BadFact(gettext_noop("A fact is a whole number or a text, and not empty."))
    text = " ".join(value.split())
    if len(text) > LONGEST_VALUE:
        raise BadFact(gettext_noop("A fact has %(longest)s characters at most."), longest=LONGEST_VALUE)
    if BRACES.search(text):
        raise BadFact(gettext_noop("A fact quotes no other fact."))
    return text


def quoting(brand: Brand, key: str) -> list[Translation]:
    """Shown texts whose published revision quotes this fact."""
    named = Q(source__contains=key) | Q(title__contains=key) | Q(summary__contains=key)
    found = Revision.objects.filter(
        named | Q(synonyms__icontains=key), state=State.PUBLISHED, translation__article__brand=brand
    )
    ids = [
        one.translation_id
        for one in found
        if key in quoted_in(one.source, one.title, one.summary, *one.synonyms)
    ]
    return list(Translation.objects.shown().filter(pk__in=ids).select_related("article"))


def _write_down(brand: Brand, key: str, actor: Actor, before: dict[str, Any], after: dict[str, Any]) -> None:
    revision = FactRevision.objects.create(
        brand=brand, key=key, actor_kind=actor.kind, actor_id=actor.id, before=before, after=after
    )
    record(FactChanged(actor=actor, brand_id=brand.pk, subject_id=revision.pk))
