"""Revisions of a brand, standing for those of all rooms."""

from __future__ import annotations

import pytest

from kefu.brands.models import Brand, BrandRevision
from kefu.journal.actor import ActorKind, agent_actor
from kefu.journal.revisions import ChangedMeanwhile, newest, require_unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(key="xingchen", name="星辰交易所", prefix="XC")


def revise(brand: Brand, agent_id: int) -> BrandRevision:
    return BrandRevision.objects.create(brand=brand, actor_id=agent_id, before={"zone": "UTC"}, after={})


def test_a_revision_knows_who_made_it(brand: Brand) -> None:
    assert revise(brand, 3).actor == agent_actor(3)
    assert BrandRevision(brand=brand, actor_kind=ActorKind.SYSTEM).actor.kind is ActorKind.SYSTEM


def test_revisions_are_read_newest_first(brand: Brand) -> None:
    made = [revise(brand, agent_id).pk for agent_id in (3, 4, 5)]

    assert [revision.pk for revision in brand.revisions.all()] == made[::-1]


def test_a_page_remembers_the_newest_change(brand: Brand) -> None:
    assert newest(brand.revisions.all()) == 0

    revisions = [revise(brand, agent_id) for agent_id in (3, 4)]

    assert newest(brand.revisions.order_by("pk")) == revisions[-1].pk


def test_what_was_changed_since_it_was_read_is_refused_with_the_latest_change(brand: Brand) -> None:
    seen, _, latest = [revise(brand, agent_id) for agent_id in (3, 4, 5)]

    with pytest.raises(ChangedMeanwhile, match=f"^changed by agent:5 in revision {latest.pk}$") as refused:
        require_unchanged(brand.revisions.order_by("pk"), seen.pk)

    assert refused.value.revision == latest
    require_unchanged(brand.revisions.all(), latest.pk)


def test_a_first_change_is_refused_to_those_who_saw_none(brand: Brand) -> None:
    require_unchanged(brand.revisions.all(), 0)
    revise(brand, 3)

    with pytest.raises(ChangedMeanwhile):
        require_unchanged(brand.revisions.all(), 0)


def test_a_command_that_has_read_no_page_is_asked_nothing(brand: Brand, django_assert_num_queries) -> None:
    revise(brand, 3)

    with django_assert_num_queries(0):
        require_unchanged(brand.revisions.all(), None)
