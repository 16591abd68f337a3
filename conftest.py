"""What every test may use."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from kefu.config.catalogues import compile_all
from tests.seeds import examples, is_drawn_anew


def pytest_configure() -> None:
    """A fresh checkout has sentences and no compiled catalogues yet."""
    compile_all()
    if settings.get_current_profile_name() in {"default", "ci"}:
        draw_examples()


def draw_examples() -> None:
    """How Hypothesis draws. On a busy machine a slow example says nothing."""
    settings.register_profile(
        "house",
        deadline=None,
        database=None,
        derandomize=not is_drawn_anew(),
        max_examples=examples(100),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("house")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()
