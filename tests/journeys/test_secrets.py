"""H9: a secret that is typed into the chat is nowhere afterwards."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Windows
from tests.journeys.looking import places_of
from tests.journeys.stories import HARMLESS, SECRETS, type_secrets
from tests.product import Product

pytestmark = pytest.mark.journey


def test_a_secret_is_in_no_table_file_or_log(windows: Windows, product: Product) -> None:
    customer = type_secrets(windows)

    for secret in SECRETS:
        assert places_of(secret, product=product, page=customer) == []
    assert any("sqlite3" in place for place in places_of(HARMLESS, product=product, page=customer))
