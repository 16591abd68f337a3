"""Filling the demo exchange: brand, teams, topics, agents, hours, official ways and articles, from the content folder.

Filling again adds what is missing and brings the articles up to date; what a supervisor has changed since stays theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from kefu.brands.models import Brand
from kefu.demo.counter import fill_agents, fill_hours, fill_teams, fill_topics
from kefu.demo.reading import CONTENT, read_content
from kefu.helpcentre.importer import import_articles
from kefu.journal.actor import SYSTEM
from kefu.safety.models import OfficialWay


def fill_demo(folder: Path = CONTENT) -> Brand:
    """Make 星海 Exchange, or complete it; gives its brand."""
    content = read_content(folder)
    with transaction.atomic():
        brand = _fill_brand(content["brand"])
        teams = fill_teams(brand, content["team"])
        fill_topics(brand, teams, content["topic"])
        fill_hours(teams, content["hours"])
        fill_agents(teams, content["agent"])
        _fill_ways(brand, content["way"])
    import_articles(folder, brand=brand, by=SYSTEM)
    return brand


def _fill_brand(values: Mapping[str, Any]) -> Brand:
    brand, _ = Brand.objects.get_or_create(key=values["key"], defaults=values)
    return brand


def _fill_ways(brand: Brand, ways: list[dict[str, Any]]) -> None:
    for place, way in enumerate(ways):
        OfficialWay.objects.get_or_create(
            brand=brand, kind=way["kind"], value=way.get("value", ""), defaults={**way, "place": place}
        )
