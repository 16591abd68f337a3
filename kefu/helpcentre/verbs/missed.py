"""A schedule that could not be kept: the revision goes back into review with the reason, and whom it concerns gets a letter.

It is not tried again by itself: what it lacks somebody has to mend.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from kefu.accounts.announcing import can_announce
from kefu.accounts.models import Agent
from kefu.helpcentre.events import ScheduleFailed
from kefu.helpcentre.locks import lock_brand, locked_revision
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Revision, State
from kefu.helpcentre.permission import may_write
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.ui.moments import written
from kefu.ui.zones import zone_called


class OurFault(Problem):
    """It was tried again and again, and the text was not why."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Nothing is wrong with the text: this house was in trouble. The operator's log says why."
            )
        )


@transaction.atomic
def give_back(revision_id: int, because: Problem) -> None:
    """Into review, where somebody finds it; does nothing for what is not on the schedule any more."""
    revision = still_scheduled(revision_id)
    if revision is None:
        return
    revision.missed_at, revision.missed_because = revision.publish_at, because.as_values()
    revision.state, revision.publish_at = State.REVIEW, None
    revision.save(update_fields=["state", "publish_at", "missed_at", "missed_because"])
    article = revision.translation.article
    if can_announce(article.brand):
        for agent in _concerned(revision):
            _tell(agent, revision)
    record(
        ScheduleFailed(
            actor=SYSTEM, brand_id=article.brand_id, subject_id=article.pk, revision_id=revision.pk
        )
    )


def still_scheduled(revision_id: int) -> Revision | None:
    """As it is now, locked."""
    found = Revision.objects.select_related("translation__article").filter(pk=revision_id).first()
    if found is None:
        return None
    lock_brand(found.translation.article.brand_id)
    revision = locked_revision(found)
    return revision if revision.state == State.SCHEDULED else None


def _concerned(revision: Revision) -> list[Agent]:
    """Who keeps the article fresh, and who chose the moment, as far as they may read drafts."""
    article = revision.translation.article
    found = Agent.objects.filter(pk__in={article.owner_id, revision.publisher_id} - {None}, is_active=True)
    return [agent for agent in found.order_by("pk") if may_write(agent, article.brand)]


def _tell(agent: Agent, revision: Revision) -> None:
    zone = zone_called(agent.zone) or timezone.get_current_timezone()
    with translation.override(agent.language), timezone.override(zone):
        subject, text = _words(revision, revision.missed_at or timezone.now())
        send_mail(subject, text, None, [agent.email])


def _words(revision: Revision, due: datetime) -> tuple[str, str]:
    article = revision.translation.article
    values = {"title": revision.title, "number": revision.number, "moment": written(due)}
    page = reverse("articles:write", args=[article.pk, revision.translation.language])
    return (
        gettext("“%(title)s” was not published at its time") % values,
        "\n\n".join(
            [
                gettext(
                    "Revision %(number)s of “%(title)s” was to be published by itself on %(moment)s, and could not be."
                )
                % values,
                Problem.of_values(revision.missed_because).in_place(),
                gettext(
                    "Readers see what they saw before. It is not tried again by itself: mend it, then publish or"
                    " schedule it anew."
                ),
                settings.PUBLIC_ORIGIN + page,
            ]
        ),
    )
