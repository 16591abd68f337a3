"""A plugin of pytest that leaves out tests which ask no database: on another one they would say the same again."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import TestCase

import pytest

FIXTURES = {"db", "transactional_db", "django_db_setup"}


def asks_a_database(item: pytest.Item) -> bool:
    """Whether it is allowed to; pytest-django refuses it to all others. Hypothesis' state machines are test cases."""
    is_allowed = item.get_closest_marker("django_db") is not None
    asks_by_a_fixture = not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    return is_allowed or asks_by_a_fixture or issubclass(getattr(item, "cls", None) or object, TestCase)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    others: Sequence[pytest.Item] = [item for item in items if not asks_a_database(item)]
    items[:] = [item for item in items if asks_a_database(item)]
    config.hook.pytest_deselected(items=others)
