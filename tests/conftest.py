"""What the stories, the faults and whoever else starts the product have in common."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.prepared import PLACE, Prepared
from tests.servers import OwnPostgres, has_postgres


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The first start of the whole run; without a run around it, that of all its workers."""
    base = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return Prepared(Path(PLACE) if PLACE else base.parent if is_worker else base)


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[Callable[[], OwnPostgres]]:
    """A running cluster of this run's own, the same each time it is asked for."""
    with contextlib.ExitStack() as running:

        @cache
        def start() -> OwnPostgres:
            if not has_postgres():
                pytest.skip("needs the programs of a PostgreSQL server: apt-get install postgresql")
            return running.enter_context(OwnPostgres())

        yield start
