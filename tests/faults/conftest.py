"""Private servers that a fault test starts, breaks and throws away."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.prepared import Prepared
from tests.product import Product
from tests.servers import OwnRedis, has_redis

# No names that begin with KEFU_: the settings for tests take those away.
POSTGRES = os.environ.get("TEST_POSTGRES") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = os.environ.get("TEST_REDIS") or "redis://127.0.0.1:6379/9"


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database of this test's own."""
    name = f"kefu_fault_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def started(tmp_path: Path, prepared: Prepared) -> Iterator[Callable[..., Product]]:
    """Start a product with options and environment; it is ended with the test. A folder that is there already is its own."""
    running: list[Product] = []

    def start(*options: str, **environment: str) -> Product:
        product = Product(tmp_path / f"product{len(running)}", *options, **environment)
        if not product.data.exists():
            if url := environment.get("DATABASE_URL"):
                prepared.on_postgres(product.data, url)
            else:
                prepared.on_sqlite(product.data)
        product.start()
        running.append(product)
        return product

    yield start
    for product in running:
        product.stop()


@pytest.fixture
def own_redis() -> Iterator[Callable[[], OwnRedis]]:
    with contextlib.ExitStack() as running:

        def start() -> OwnRedis:
            if not has_redis():
                pytest.skip("needs redis-server: apt-get install redis-server")
            return running.enter_context(OwnRedis())

        yield start
