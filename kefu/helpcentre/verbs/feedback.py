"""What readers say of an article, and what becomes of it. Readers are nobody here: no row knows who they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, require
from kefu.helpcentre.models import Feedback, ReadingDay, Reason, Translation, Verdict
from kefu.helpcentre.nouns.feedback import LONGEST_WORDS
from kefu.safety.guard import guard, guard_again
from kefu.safety.tokens import keyed_hash

SAID = ("verdict", "reason", "words", "done_at", "done_by", "told_at")


class WordsTooLong(ValueError):
    """More than LONGEST_WORDS characters."""


@transaction.atomic
def give_feedback(
    *,
    translation: Translation,
    revision: int,
    client_id: str,
    verdict: Verdict,
    reason: Reason | None = None,
    words: str | None = None,
    network: str = "",
) -> Feedback:
    """Say whether what was read helped. The same client id again is the same reader, who may say more or change their mind.

    Of one `network` the newest verdict of a day counts, so that nobody answers for many; what was said in words before it
    stays to be read. A `reason` or `words` of None leaves that of before. Raises WordsTooLong.
    """
    typed = None if words is None else words.replace("\0", "").strip()
    if typed is not None and len(typed) > LONGEST_WORDS:
        raise WordsTooLong
    # Two of one network at once wait for each other, so that one of them counts.
    Translation.objects.select_for_update(no_key=True).only("pk").get(pk=translation.pk)
    # Twice at once is one row: the unique client id makes the second wait for the first.
    Feedback.objects.bulk_create(
        [
            Feedback(
                translation=translation,
                revision=_read(translation, revision),
                client_id=client_id,
                verdict=verdict,
            )
        ],
        ignore_conflicts=True,
    )
    feedback = Feedback.objects.select_for_update().get(translation=translation, client_id=client_id)
    before = {feedback.reason, str(feedback.words), ""}
    feedback.verdict = verdict
    if verdict == Verdict.HELPFUL:
        feedback.reason = ""
    elif reason is not None:
        feedback.reason = reason
    if typed is not None:
        feedback.words = guard_again(typed)
    feedback.is_counted, feedback.network = True, _of_today(network)
    if {feedback.reason, str(feedback.words)} - before:
        # Whoever was told of what was said before, or is done with it, has not read this.
        feedback.done_at = feedback.done_by = feedback.told_at = None
    feedback.save(update_fields=[*SAID, "is_counted", "network"])
    _count_no_other(feedback)
    return feedback


def _count_no_other(feedback: Feedback) -> None:
    """Of its network on this day; what says nothing in words is of no more use."""
    if feedback.network:
        same = Feedback.objects.filter(translation=feedback.translation_id, network=feedback.network)
        same.exclude(pk=feedback.pk).update(is_counted=False)
        same.filter(is_counted=False, reason="", words="").delete()


def _of_today(network: str) -> str:
    return keyed_hash(f"feedback {_today().isoformat()} {network}") if network else ""


def forget_networks() -> int:
    """Of the days before today; how many answers it is gone from."""
    begin = datetime.combine(_today(), time(), UTC)
    return Feedback.objects.filter(given_at__lt=begin).exclude(network="").update(network="")


def _read(translation: Translation, revision: int) -> int:
    """Which revision was read. A page is kept for a minute, so it may be an earlier one; a later one is not there yet."""
    newest = translation.published or 1
    return revision if 1 <= revision <= newest else newest


@transaction.atomic
def close_feedback(*, feedback: Feedback, by: Agent) -> Feedback:
    """It has been read, and done what there was to do. Twice is harmless. Raises Refused."""
    require(by, May.EDIT_ARTICLES, Scope(feedback.translation.article.brand_id))
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if feedback.done_at is None:
        feedback.done_at, feedback.done_by = now(), by
        feedback.save(update_fields=["done_at", "done_by"])
    return feedback


@transaction.atomic
def remove_words(*, feedback: Feedback, by: Agent) -> Feedback:
    """Whoever wrote more than belongs here is protected from it; the verdict stays. Twice is harmless. Raises Refused."""
    require(by, May.EDIT_ARTICLES, Scope(feedback.translation.article.brand_id))
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    feedback.words = guard("")
    feedback.save(update_fields=["words"])
    return feedback


@transaction.atomic
def open_feedback(*, feedback: Feedback, by: Agent) -> Feedback:
    """There is still something to do. Twice is harmless. Raises Refused."""
    require(by, May.EDIT_ARTICLES, Scope(feedback.translation.article.brand_id))
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if feedback.done_at is not None:
        feedback.done_at, feedback.done_by = None, None
        feedback.save(update_fields=["done_at", "done_by"])
    return feedback


@transaction.atomic
def count_reading(*, translation: Translation, revision: int) -> None:
    """One more tab has opened it today."""
    day = ReadingDay(translation=translation, revision=_read(translation, revision), on=_today())
    ReadingDay.objects.bulk_create([day], ignore_conflicts=True)
    same = ReadingDay.objects.filter(translation=translation, revision=day.revision, on=day.on)
    same.update(views=F("views") + 1)


def _today() -> date:
    return now().astimezone(UTC).date()
