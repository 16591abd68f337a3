"""The tables are made by migrations, so what they made must be what the models say."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from kefu.journal.actor import ActorKind, agent_actor
from kefu.journal.models import DeadLetter, Entry, ListenerCursor


# Every kind of revision has its columns from the journal; the brands' stand for all.
@pytest.mark.parametrize("room", ["journal", "brands"])
def test_the_migrations_make_what_the_models_say(room: str, settings) -> None:
    settings.MIGRATION_MODULES = {}
    loader = MigrationLoader(None)

    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))

    assert detector.changes(graph=loader.graph).get(room) is None


def test_a_row_says_in_a_line_what_it_is() -> None:
    assert str(Entry(id=4, kind="journal.tested")) == "4 journal.tested"
    assert str(ListenerCursor(listener="tests.follows", position=9)) == "tests.follows at 9"
    assert str(DeadLetter(listener="tests.follows", entry_id=9, error="builtins.ValueError")) == (
        "tests.follows 9 builtins.ValueError"
    )


def test_an_entry_knows_who_did_it() -> None:
    assert Entry(actor_kind=ActorKind.AGENT, actor_id=3).actor == agent_actor(3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("index", "whose"),
    [
        ("journal_by_system", {"actor_kind": "system"}),
        ("journal_by_agent", {"actor_kind": "agent", "actor_id": 7}),
    ],
)
def test_what_the_system_or_an_agent_did_last_is_read_off_an_index(index: str, whose: dict[str, Any]) -> None:
    wanted, parameters = Entry.objects.filter(**whose).order_by("-id")[:50].query.sql_with_params()

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {wanted}", parameters)
        plan = str(cursor.fetchall())

    assert index in plan
    assert "TEMP B-TREE" not in plan
