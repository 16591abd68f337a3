from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kefu.brands.models import Brand
from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry
from kefu.search.actions import index_things, reindex, renew
from kefu.search.find import find
from kefu.search.listeners import follow, followed_kinds
from kefu.search.models import Document, Thing
from kefu.search.registry import AlreadyRegistered, Searchable, register
from kefu.search.tests.conftest import Shelf


def _found(query: str, brand: Brand) -> list[int]:
    return [hit.object_id for hit in find(query, brand=brand, language="zh-hans")]


def _entry(kind: str, subject: int | None) -> Entry:
    return Entry(kind=kind, actor_kind=ActorKind.SYSTEM, subject_id=subject)


def test_what_changed_is_found_by_its_new_words_only(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "充值说明")
    index_things(source=shelf.source, object_ids=[1])
    shelf.things.clear()
    shelf.put(1, brand, "冻结说明")

    index_things(source=shelf.source, object_ids=[1])

    assert _found("充值", brand) == []
    assert _found("冻结", brand) == [1]
    assert Document.objects.count() == 1


def test_a_language_that_is_gone_leaves_the_index(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "冻结说明")
    shelf.put(1, brand, "Frozen", language="en")
    index_things(source=shelf.source, object_ids=[1])
    shelf.things[1].pop()

    index_things(source=shelf.source, object_ids=[1])

    assert list(Document.objects.values_list("language", flat=True)) == ["zh-hans"]


def test_forgetting_and_indexing_twice_are_harmless(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "冻结说明")
    for _ in range(2):
        index_things(source=shelf.source, object_ids=[1])
    assert _found("冻结", brand) == [1]

    shelf.things.clear()
    for _ in range(2):
        index_things(source=shelf.source, object_ids=[1])
    assert _found("冻结", brand) == []


@pytest.mark.slow
def test_reindexing_takes_out_what_no_longer_exists(brand: Brand, shelf: Shelf) -> None:
    for thing in range(45):
        shelf.put(thing, brand, f"冻结说明 {thing}")
    assert reindex(source=shelf.source) == 45
    del shelf.things[7]

    assert reindex(source=shelf.source) == 44
    assert not Thing.objects.filter(object_id=7).exists()


def test_reindexing_leaves_in_what_is_published_meanwhile(brand: Brand, shelf: Shelf) -> None:
    def ids() -> Iterable[int]:
        there = shelf.ids()
        shelf.put(2, brand, "冻结说明")
        index_things(source=shelf.source, object_ids=[2])
        return there

    shelf.put(1, brand, "冻结说明")

    reindex(source=replace(shelf.source, ids=ids))

    assert sorted(_found("冻结", brand)) == [1, 2]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_old_text_never_overwrites_a_newer_one(brand: Brand, shelf: Shelf) -> None:
    def listen() -> None:
        index_things(source=shelf.source, object_ids=[1])
        connection.close()

    listener = Thread(target=listen)
    loads = []

    def load_while_it_changes(ids: Iterable[int]) -> Iterable[Searchable]:
        old = list(shelf.load(ids))
        loads.append(old)
        # First to prepare, when nobody waits; the second time is what counts.
        if len(loads) == 2:
            shelf.things.clear()
            shelf.put(1, brand, "冻结说明")
            listener.start()
            # It has to wait for us; whoever would let it by gets its words overwritten.
            listener.join(0.5)
        return old

    shelf.put(1, brand, "充值说明")

    reindex(source=replace(shelf.source, load=load_while_it_changes))
    listener.join()

    assert (_found("充值", brand), _found("冻结", brand)) == ([], [1])


def test_what_another_edition_made_or_nobody_did_is_written_without_being_asked(
    brand: Brand, shelf: Shelf
) -> None:
    for thing in (1, 2, 3):
        shelf.put(thing, brand, "冻结说明")
    index_things(source=shelf.source, object_ids=[1, 2])
    Document.objects.filter(thing__object_id=2).update(edition="older")

    assert renew(source=shelf.source) == 2
    assert sorted(_found("冻结", brand)) == [1, 2, 3]
    assert renew(source=shelf.source) == 0


def test_a_document_removed_behind_the_index_is_not_found(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "冻结说明")
    reindex(source=shelf.source)

    Thing.objects.all().delete()

    assert _found("冻结", brand) == []


def test_the_listener_indexes_the_subject_of_what_happened(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "冻结说明")

    follow(_entry("thing.changed", 1))

    assert _found("冻结", brand) == [1]


def test_the_listener_follows_the_kinds_that_rooms_registered(shelf: Shelf) -> None:
    assert set(followed_kinds()) == {"thing.changed"}
    assert "thing.changed" in followed_kinds()
    assert "conversation.resolved" not in followed_kinds()


@pytest.mark.django_db
def test_the_listener_leaves_other_events_alone(shelf: Shelf) -> None:
    follow(_entry("thing.other", 1))
    follow(_entry("thing.changed", None))

    assert not Document.objects.exists()


def test_two_rooms_cannot_share_a_name(shelf: Shelf) -> None:
    register(shelf.source)

    with pytest.raises(AlreadyRegistered):
        register(replace(shelf.source, ids=list))


def test_the_command_writes_everything_anew(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "冻结说明")
    said = StringIO()

    call_command("reindex", stdout=said)

    assert said.getvalue() == "thing: 1 documents\n"
    assert _found("冻结", brand) == [1]


@pytest.mark.django_db
def test_the_command_names_what_it_does_not_know(shelf: Shelf) -> None:
    with pytest.raises(CommandError, match="nonsense is not searchable"):
        call_command("reindex", "nonsense")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_word_index_can_be_taken_away_and_put_back(shelf: Shelf) -> None:
    def migrate(name: str) -> None:
        executor = MigrationExecutor(connection)
        executor.migrate([("search", name)])

    for name in (
        "0001_documents",
        "0004_terms",
        "0006_standing",
        "0005_things",
        "0004_terms",
        "0006_standing",
    ):
        migrate(name)

    brand = Brand.objects.create(key="xinghai", name="星海", prefix="XH", languages=["zh-hans"])
    shelf.put(1, brand, "冻结说明")
    reindex(source=shelf.source)
    assert _found("冻结", brand) == [1]
