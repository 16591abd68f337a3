"""What every test may use."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.utils.translation.reloader import translation_file_changed
from hypothesis import HealthCheck, settings

from kefu.config.catalogues import compile_all
from tests.seeds import examples, is_drawn_anew


def pytest_configure() -> None:
    """A fresh checkout has sentences and no compiled catalogues yet; those that changed may have been read already."""
    for compiled in compile_all():
        translation_file_changed(None, compiled)
    if settings.get_current_profile_name() in {"default", "ci"}:
        draw_examples()


def pytest_sessionstart() -> None:
    """After each test with real transactions Django would write all its permissions anew, which Kefu never asks for."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


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
