"""Inside the product with a database of its own: recall over the list's articles, then CPU over a thousand."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from django.core.management import call_command
from django.db import connection

from bench.search.articles import articles, many, source
from bench.search.asked import STRANGERS, Asked, asked, recall
from bench.search.bare import Bare
from bench.search.characters import Characters
from kefu.brands.models import Brand
from kefu.search import registry
from kefu.search.actions import reindex
from kefu.search.find import Hit, search
from kefu.search.models import Thing
from kefu.search.ranking import MOST_RANKED
from kefu.search.registry import Searchable

LANGUAGES = ["zh-hans", "zh-hant", "en"]
PAGE = 10


def tell(*, rounds: int, number: int) -> None:
    """Print what was found as JSON; run in a process of its own, with an empty database of its own."""
    sys.stdout.write(f"{json.dumps(measure(rounds=rounds, number=number))}\n")


def measure(*, rounds: int, number: int) -> dict[str, object]:
    """Recall of each set beside the reference, and seconds of CPU by round, ours and the bare index's."""
    call_command("migrate", verbosity=0)
    brand = Brand.objects.create(key="bench", name="Bench", prefix="BE", languages=LANGUAGES)
    questions = asked()
    things = articles(brand.pk)
    _index(things)
    characters = Characters(things)
    strangers = asked(STRANGERS)
    found = {
        "development": _recalls([one for one in questions if not one.is_held_out], brand, characters),
        "held out": _recalls([one for one in questions if one.is_held_out], brand, characters),
        "a stranger's": _recalls(strangers, brand, characters),
    }
    order = [[hit.object_id for hit in _search(one, brand)] for one in [*questions, *strangers]]
    Thing.objects.all().delete()
    things = list(many(brand.pk, number))
    _index(things)
    return {"recall": found, "order": order, **_speed(questions, brand, Bare(things), rounds)}


def _index(things: Sequence[Searchable]) -> None:
    registry._sources.clear()
    made = source(things)
    registry.register(made)
    reindex(source=made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _recalls(questions: Sequence[Asked], brand: Brand, characters: Characters) -> dict[str, object]:
    def found(one: Asked) -> list[int]:
        return [hit.object_id for hit in _search(one, brand, limit=MOST_RANKED)]

    return {
        "kefu": asdict(recall(questions, found)),
        "characters": asdict(recall(questions, lambda one: characters.find(one.query))),
    }


def _search(one: Asked, brand: Brand, *, limit: int = PAGE) -> Sequence[Hit]:
    return search(one.query, brand=brand, language=one.language, limit=limit).hits


def _speed(questions: Sequence[Asked], brand: Brand, bare: Bare, rounds: int) -> dict[str, object]:
    ways: dict[str, Callable[[Asked], object]] = {
        "kefu": lambda one: _search(one, brand),
        "bare": lambda one: bare.find(one.query),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    # The first round warms up: tables are read, pages are in memory.
    for turn in range(rounds + 1):
        for name, way in ways.items():
            spent = _cpu(way, questions, bare)
            if turn:
                seconds[name].append(spent)
    return {"seconds": seconds, "questions": len(questions)}


def _cpu(way: Callable[[Asked], object], questions: Sequence[Asked], bare: Bare) -> float:
    """Seconds of CPU, ours and the database's, for all questions once."""
    before = time.process_time() + bare.backend_seconds()
    for one in questions:
        way(one)
    return time.process_time() + bare.backend_seconds() - before
