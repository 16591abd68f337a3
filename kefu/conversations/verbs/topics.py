"""Topics, which customers choose from: added, changed, put in order, retired, used again, put back.

`seen` is the newest revision of the topic that the page showed; a later one raises ChangedMeanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from kefu.accounts.models import Agent, Team
from kefu.accounts.policy import May, Scope, require
from kefu.brands.models import Brand
from kefu.conversations.events import TopicAdded, TopicChanged
from kefu.conversations.nouns.conversation import Topic
from kefu.conversations.nouns.topic_revision import TopicRevision
from kefu.journal.actions import record
from kefu.journal.revisions import require_unchanged

WRITTEN = ("team_id", "names", "notes", "icon", "place")


class KeyTaken(ValueError):
    """Another topic of the brand has this key."""


class LastTopic(ValueError):
    """Without a topic customers could ask nothing."""


class TeamOfOtherBrand(ValueError):
    """A topic's team belongs to the topic's brand."""


@dataclass(frozen=True, kw_only=True)
class TopicText:
    """What is said of a topic: names and notes by language, its icon, and the team that answers."""

    team_id: int
    names: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    icon: str = "question"


@transaction.atomic
def add_topic(*, brand: Brand, key: str, text: TopicText, by: Agent) -> Topic:
    """At the end of the list. Raises KeyTaken, TeamOfOtherBrand, or ValidationError for what is no key."""
    require(by, May.CHANGE_SETTINGS, Scope(brand.pk, text.team_id))
    _require_team(brand.pk, text.team_id)
    last = Topic.objects.filter(brand=brand).order_by("-place").values_list("place", flat=True).first()
    topic = Topic(brand=brand, key=key, place=0 if last is None else last + 1, **asdict(text))
    topic.clean_fields(exclude=["team", "brand"])
    try:
        with transaction.atomic():
            topic.save()
    except IntegrityError:
        raise KeyTaken from None
    _remember(TopicAdded, topic, by=by, before={})
    return topic


@transaction.atomic
def change_topic(*, topic: Topic, text: TopicText, by: Agent, seen: int | None = None) -> Topic:
    """Say something else of it, or give it to another team, which has to be within one's reach as well."""
    require(by, May.CHANGE_SETTINGS, Scope(topic.brand_id, text.team_id))
    _require_team(topic.brand_id, text.team_id)
    return _change(topic, asdict(text), by=by, seen=seen)


@transaction.atomic
def order_topics(*, topics: Sequence[Topic], by: Agent) -> None:
    """Show these, all of one brand, in this order."""
    for brand_id in {topic.brand_id for topic in topics}:
        require(by, May.CHANGE_SETTINGS, Scope(brand_id))
    for place, topic in sorted(enumerate(topics), key=lambda pair: pair[1].pk):
        _change(topic, {"place": place}, by=by, seen=None)


@transaction.atomic
def retire_topic(*, topic: Topic, by: Agent, seen: int | None = None) -> Topic:
    """Nobody can choose it any more; conversations about it go on. Raises LastTopic."""
    require(by, May.CHANGE_SETTINGS, topic)
    _require_another(topic)
    return _change(topic, {"retired_at": topic.retired_at or now()}, by=by, seen=seen)


@transaction.atomic
def use_topic_again(*, topic: Topic, by: Agent, seen: int | None = None) -> Topic:
    require(by, May.CHANGE_SETTINGS, topic)
    return _change(topic, {"retired_at": None}, by=by, seen=seen)


@transaction.atomic
def put_back_topic(*, revision: TopicRevision, by: Agent, seen: int | None = None) -> Topic:
    """As it was before this change; one that was not there yet is retired. Raises LastTopic."""
    topic, before = revision.topic, revision.before
    require(by, May.CHANGE_SETTINGS, topic)
    is_retired = not before or before["is_retired"]
    if is_retired:
        _require_another(topic)
    if before:
        require(by, May.CHANGE_SETTINGS, Scope(topic.brand_id, before["team_id"]))
        _require_team(topic.brand_id, before["team_id"])
    values = {name: before[name] for name in WRITTEN if name in before}
    values["retired_at"] = (topic.retired_at or now()) if is_retired else None
    return _change(topic, values, by=by, seen=seen)


def _require_another(topic: Topic) -> None:
    """All of the brand's are locked, else two who retire the last two at once would each count the other."""
    topics = list(Topic.objects.filter(brand=topic.brand_id).select_for_update().order_by("pk"))
    if all(one.retired_at or one.pk == topic.pk for one in topics):
        raise LastTopic


def _require_team(brand_id: int, team_id: int) -> None:
    if not Team.objects.filter(pk=team_id, brand_id=brand_id).exists():
        raise TeamOfOtherBrand


def _change(topic: Topic, values: Mapping[str, Any], *, by: Agent, seen: int | None) -> Topic:
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    require(by, May.CHANGE_SETTINGS, topic)
    require_unchanged(TopicRevision.objects.filter(topic=topic), seen)
    before = written(topic)
    for name, value in values.items():
        setattr(topic, name, value)
    if written(topic) == before:
        return topic
    topic.save(update_fields=list(values))
    _remember(TopicChanged, topic, by=by, before=before)
    return topic


def written(topic: Topic) -> dict[str, Any]:
    """All that is said of it, as values for a revision."""
    return {name: getattr(topic, name) for name in WRITTEN} | {"is_retired": topic.retired_at is not None}


def _remember(
    change: type[TopicAdded] | type[TopicChanged], topic: Topic, *, by: Agent, before: dict[str, Any]
) -> None:
    revision = TopicRevision.objects.create(
        brand_id=topic.brand_id,
        topic=topic,
        actor_kind=by.actor.kind,
        actor_id=by.pk,
        before=before,
        after=written(topic),
    )
    record(
        change(
            actor=by.actor,
            brand_id=topic.brand_id,
            subject_id=topic.pk,
            revision_id=revision.pk,
            team_id=topic.team_id,
        )
    )
