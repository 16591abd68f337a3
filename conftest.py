"""What every test may use."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.utils.translation.reloader import translation_file_changed
from hypothesis import HealthCheck, settings

from kefu.config.catalogues import compile_all
from tests import protocol
from tests.seeds import examples, is_drawn_anew


def pytest_configure() -> None:
    """A fresh checkout has sentences and no compiled catalogues yet; those that changed may have been read already."""
    for compiled in compile_all():
        translation_file_changed(None, compiled)
    if settings.get_current_profile_name() in {"default", "ci"}:
        draw_examples()


def pytest_sessionstart() -> None:
    """After each test with real transactions Django would write its permissions and kinds of content anew, which Kefu never
    asks for.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


def pytest_collection_finish() -> None:
    """What was imported and collected stays for the whole run; to look through it again and again took a seventh of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


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
    # Not at the top: what is imported there could not be measured any more.
    from kefu.conversations import refs  # noqa: PLC0415

    cache.clear()
    # What is rolled back here gives its ids to the next test, as no database does to anybody else.
    refs.forget_all()


@pytest.fixture(scope="session", autouse=True)
def _every_frame() -> Iterator[None]:
    # Not at the top: what is imported there could not be measured any more.
    from tests.every_frame import every_frame_is_checked  # noqa: PLC0415

    with every_frame_is_checked():
        yield


@pytest.fixture(autouse=True)
def _frames_are_of_the_protocol() -> Iterator[None]:
    protocol.noted.clear()
    yield
    if protocol.noted:
        pytest.fail("\n".join(protocol.noted))
