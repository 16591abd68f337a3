"""Customers' questions find their articles, of which few are shown that answer something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.search.articles import articles, source
from bench.search.asked import AMONG_THREE, FIRST, MOST_RESULTS, STRANGERS, Asked, asked, recall
from kefu.brands.models import Brand
from kefu.search import registry
from kefu.search.actions import reindex
from kefu.search.find import find
from kefu.search.ranking import MOST_RANKED

# Each question is asked of the whole demo.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# How many there are of each, so that none is lost unseen.
SETS: dict[str, tuple[int, Callable[[], list[Asked]]]] = {
    "looked at while the ideas were made": (272, lambda: [one for one in asked() if not one.is_held_out]),
    "only measured": (268, lambda: [one for one in asked() if one.is_held_out]),
    "of a stranger": (243, lambda: asked(STRANGERS)),
}


def test_customers_questions_find_their_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    brand = Brand.objects.create(
        key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans", "zh-hant", "en"]
    )
    things = articles(brand.pk)
    made = source(things)
    monkeypatch.setattr(registry, "_sources", {made.name: made})
    reindex(source=made)

    def found(one: Asked) -> list[int]:
        hits = find(one.query, brand=brand, language=one.language, limit=MOST_RANKED)
        return [hit.object_id for hit in hits]

    assert len({one.object_id for one in things}) == 65
    assert not any(one.path.removeprefix(f"/{one.language}/").strip("/").isdigit() for one in things), (
        "stand-ins"
    )
    for name, (number, questions) in SETS.items():
        got = recall(questions(), found)
        assert got.asked == number, name
        assert got.first >= FIRST, (name, got)
        assert got.among_three >= AMONG_THREE, (name, got)
        assert got.results <= MOST_RESULTS, (name, got)
