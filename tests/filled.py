"""Rows that the tests of a module share: made once. Each test takes back its own changes, and the end of the module all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


@contextmanager
def filled_once(blocker: DjangoDbBlocker, fill: Callable[[], Made]) -> Iterator[Made]:
    """For a fixture of a module whose tests keep to one transaction each; what `fill` gives."""
    block = transaction.atomic()
    # What must not stand inside another transaction is let off, as within a test case of Django's.
    block._from_testcase = True
    with blocker.unblock(), block:
        made = fill()
        with blocker.block():
            yield made
        transaction.set_rollback(True)
