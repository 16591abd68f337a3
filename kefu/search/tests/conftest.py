"""A small shelf of things to search, kept in memory: what a room above would register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pytest

from kefu.brands.models import Brand
from kefu.search import registry
from kefu.search.registry import Searchable, Source


class Shelf:
    """Things by id, one list of languages each; a test puts them in and takes them out."""

    def __init__(self) -> None:
        self.things: dict[int, list[Searchable]] = {}
        self.source = Source(
            name="thing",
            load=self.load,
            ids=self.ids,
            readable=self.readable,
            kinds=frozenset({"thing.changed"}),
        )

    def load(self, ids: Iterable[int]) -> Iterator[Searchable]:
        return (one for thing in ids for one in self.things.get(thing, []))

    def ids(self) -> Iterable[int]:
        return list(self.things)

    def readable(self, ids: Collection[int], audiences: Collection[str]) -> Iterable[tuple[int, str]]:
        found = [one for thing in ids for one in self.things.get(thing, [])]
        return [(one.object_id, one.language) for one in found if one.audience in audiences]

    def put(
        self,
        thing: int,
        brand: Brand,
        title: str,
        body: str = "",
        *,
        language: str = "zh-hans",
        **more: object,
    ) -> None:
        found = Searchable(
            object_id=thing,
            brand_id=brand.pk,
            language=language,
            audience=str(more.pop("audience", "public")),
            title=title,
            path=f"/{language}/things/{thing}/",
            body=body,
            **more,  # type: ignore[arg-type]
        )
        self.things.setdefault(thing, []).append(found)


@pytest.fixture
def brand(db: None) -> Brand:
    return Brand.objects.create(
        key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans", "zh-hant", "en"]
    )


@pytest.fixture
def other_brand(db: None) -> Brand:
    return Brand.objects.create(
        key="north", name="A very long name of an exchange " * 2, prefix="NB", languages=["en"]
    )


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setattr(registry, "_sources", {"thing": made.source})
    return made
