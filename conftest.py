"""What every test may use."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from kefu.config.catalogues import compile_all


def pytest_configure() -> None:
    """A fresh checkout has sentences and no compiled catalogues yet."""
    compile_all()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()
