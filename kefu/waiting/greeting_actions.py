"""What an admin does to a brand's greetings: set them, put back what was. `seen` is as in the actions of hours."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, require
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.revisions import require_unchanged
from kefu.waiting.events import GreetingsSet
from kefu.waiting.greetings import GreetingText
from kefu.waiting.models import Greeting, GreetingRevision


@transaction.atomic
def set_greetings(
    *, brand: Brand, texts: Mapping[str, GreetingText], by: Agent, seen: int | None = None
) -> None:
    """By language; what is said in others stays. Raises BadSentence, ChangedMeanwhile."""
    require(by, May.CHANGE_SETTINGS, Scope(brand.pk))
    wanted = {language: text.read() for language, text in texts.items()}
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    require_unchanged(GreetingRevision.objects.of_brand(brand), seen)
    found = Greeting.objects.texts(brand)
    before = {language: found.get(language, GreetingText()) for language in wanted}
    if before == wanted:
        return
    for language, text in wanted.items():
        Greeting.objects.update_or_create(brand=brand, language=language, defaults=text.written())
    revision = GreetingRevision.objects.create(
        brand=brand,
        actor_kind=by.actor.kind,
        actor_id=by.pk,
        before={language: text.written() for language, text in before.items()},
        after={language: text.written() for language, text in wanted.items()},
    )
    record(GreetingsSet(actor=by.actor, brand_id=brand.pk, subject_id=revision.pk))


@transaction.atomic
def put_back_greetings(*, revision: GreetingRevision, by: Agent, seen: int | None = None) -> None:
    """As they were before this change, which is a change too. Raises as set_greetings."""
    before = {language: GreetingText(**written) for language, written in revision.before.items()}
    set_greetings(brand=revision.brand, texts=before, by=by, seen=seen)
