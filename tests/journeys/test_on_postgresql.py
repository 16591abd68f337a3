"""The first story and its secrets once more, with the rows on PostgreSQL: in a cluster that nobody else writes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import StorageState

from tests.journeys.conftest import Windows
from tests.journeys.looking import files_with, places_of, tables_with
from tests.journeys.stories import HARMLESS, SECRETS, read_ask_and_be_answered, type_secrets
from tests.prepared import Prepared
from tests.product import OPEN_ALWAYS, Product
from tests.servers import OwnPostgres

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def cluster(own_postgres: Callable[[], OwnPostgres]) -> OwnPostgres:
    return own_postgres()


@pytest.fixture(scope="module")
def url(cluster: OwnPostgres) -> str:
    return cluster.new_database("kefu_story")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared, url: str) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("product") / "data", DATABASE_URL=url)
    prepared.on_postgres(running.data, url)
    running.start()
    running.django(OPEN_ALWAYS)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def agents() -> dict[str, StorageState]:
    """Nobody has signed in at this product yet."""
    return {}


def test_from_an_article_to_an_answer(windows: Windows, product: Product) -> None:
    read_ask_and_be_answered(windows)

    assert not (product.data / "kefu.sqlite3").exists()


def test_a_secret_is_in_no_table_file_or_log(
    windows: Windows, product: Product, cluster: OwnPostgres, url: str
) -> None:
    customer = type_secrets(windows)

    for secret in SECRETS:
        assert places_of(secret, product=product, page=customer) == []
        assert tables_with(secret, url) == []
        # What was written and taken away again would still stand in its log of changes.
        assert files_with(secret, cluster.folder) == []
    assert "conversations_message" in tables_with(HARMLESS, url)
    assert any("pg_wal" in place for place in files_with(HARMLESS, cluster.folder))
