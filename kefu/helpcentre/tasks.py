"""What the help centre has to have done: owners are reminded when a day of review has come; what is late is published; where
yesterday's answers came from is forgotten.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext, ngettext

from kefu.accounts.announcing import can_announce
from kefu.accounts.models import Agent
from kefu.background.running import is_to_run
from kefu.background.schedule import Recurring, daily, every
from kefu.background.tasks import task
from kefu.brands.models import Brand
from kefu.helpcentre.events import OwnerReminded
from kefu.helpcentre.models import Article, Feedback, Revision, State
from kefu.helpcentre.permission import may_write
from kefu.helpcentre.querysets import FeedbackQuerySet
from kefu.helpcentre.verbs.feedback import forget_networks
from kefu.helpcentre.verbs.missed import OurFault, give_back
from kefu.helpcentre.verbs.publishing import publish_at_its_time
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM

log = logging.getLogger("kefu.helpcentre")
# Its own task is tried for a quarter of an hour.
LATE = timedelta(minutes=30)
MOST_LATE = 100


@task()
def remind_owners() -> None:
    """Once for each day of review. Where no letter leaves the house, the list of what is overdue is all there is."""
    due = Article.objects.due(localdate()).filter(owner__is_active=True).exclude(reminded_of=F("review_on"))
    for article in due.select_related("brand"):
        if can_announce(article.brand):
            _remind(article.pk)


@transaction.atomic
def _remind(article_id: int) -> None:
    """The letter is a row of the same transaction, so nobody is reminded twice, or of nothing."""
    locked = Article.objects.select_for_update(of=("self",)).select_related("owner", "brand")
    article = locked.get(pk=article_id)
    owner = article.owner
    if owner is None or article.reminded_of == article.review_on or not may_write(owner, article.brand):
        return
    article.reminded_of = article.review_on
    article.save(update_fields=["reminded_of"])
    with translation.override(owner.language):
        subject, text = _words(article, owner)
        send_mail(subject, text, None, [owner.email])
    record(OwnerReminded(actor=SYSTEM, brand_id=article.brand_id, subject_id=article.pk, agent_id=owner.pk))


def _words(article: Article, owner: Agent) -> tuple[str, str]:
    texts = {one.language: one.title for one in article.translations.shown().order_by("pk")}
    title = texts.get(owner.language) or next(iter(texts.values()), article.slug)
    page = settings.PUBLIC_ORIGIN + reverse("articles:article", args=[article.pk])
    return (
        gettext("Please look at “%(title)s” again") % {"title": title},
        "\n\n".join(
            [
                gettext("Today is the day on which somebody should look at “%(title)s” again.")
                % {"title": title},
                gettext(
                    "Is every figure and every step still right, in each language? Then say so on its page;"
                    " else write what is."
                ),
                page,
            ]
        ),
    )


@task()
def tell_owners_of_words() -> None:
    """Once a day a letter to each about whose articles readers said something since the last one."""
    owned = _untold().exclude(translation__article__owner=None).order_by()
    ids = set(owned.values_list("translation__article__owner", "translation__article__brand"))
    owners = Agent.objects.in_bulk({owner for owner, _ in ids})
    brands = Brand.objects.in_bulk({brand for _, brand in ids})
    for owner_id, brand_id in sorted(ids):
        owner, brand = owners[owner_id], brands[brand_id]
        if can_announce(brand) and may_write(owner, brand):
            _tell_of_words(owner, brand)


def _untold() -> FeedbackQuerySet:
    return Feedback.objects.telling().filter(told_at=None, done_at=None)


@transaction.atomic
def _tell_of_words(owner: Agent, brand: Brand) -> None:
    """As with a reminder, the letter is a row of the same transaction. The words stay here: they may be anybody's."""
    own = _untold().of_brand(brand).filter(translation__article__owner=owner)
    found = [one.pk for one in own.select_for_update(of=("self",))]
    if not found:
        return
    Feedback.objects.filter(pk__in=found).update(told_at=now())
    with translation.override(owner.language):
        subject = ngettext(
            "A reader said something about an article of yours",
            "%(count)d readers said something about articles of yours",
            len(found),
        ) % {"count": len(found)}
        page = f"{settings.PUBLIC_ORIGIN}{reverse('articles:voices')}?brand={brand.pk}"
        text = gettext("They were told that whoever wrote the article reads it. What they said stands here:")
        send_mail(subject, f"{text}\n\n{page}", None, [owner.email])


@task()
def publish_what_is_late() -> None:
    """Its own task has given up: it is tried once more, and given back for good.

    After an outage that task may only have begun, and has all its tries before it.
    """
    late = Revision.objects.filter(state=State.SCHEDULED, publish_at__lt=now() - LATE)
    for pk in late.order_by("publish_at").values_list("pk", flat=True)[:MOST_LATE]:
        if is_to_run(publish_at_its_time, within=LATE, revision_id=pk):
            continue
        try:
            publish_at_its_time.call(revision_id=pk)
        except Exception:
            log.exception("schedule_failed", extra={"revision": pk})
            give_back(pk, OurFault())


@task()
def forget_yesterdays_networks() -> None:
    forget_networks()


# 09:05 in Shanghai, so that the letter lies there when people begin.
SCHEDULE: tuple[Recurring, ...] = (
    daily(1, 5, "helpcentre.remind_owners", remind_owners),
    daily(1, 5, "helpcentre.tell_owners_of_words", tell_owners_of_words),
    every(10, "helpcentre.publish_what_is_late", publish_what_is_late),
    daily(0, 10, "helpcentre.forget_networks", forget_yesterdays_networks),
)
