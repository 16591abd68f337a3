"""What a start loads: the front door the standard library only, a process nothing that it will not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kefu.config.tests.serving import environ

FRONT = "import kefu.__main__, kefu.config.running.serve"
WEB = "import kefu.config.running.web, kefu.config.asgi"
WORKER = "import django; django.setup(); import kefu.config.running.work, kefu.config.running.guests"
REDIS = "redis://127.0.0.1:1/0"


def loaded(code: str, data: Path, **more: str) -> set[str]:
    """The packages that a fresh interpreter has after this code."""
    told = environ(KEFU_DATA=str(data), DJANGO_SETTINGS_MODULE="kefu.config.settings", **more)
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {report}"], env=told, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_front_door_needs_no_package(tmp_path: Path) -> None:
    assert not loaded(FRONT, tmp_path) & {"django", "uvicorn", "msgspec", "redis"}


@pytest.mark.slow
@pytest.mark.parametrize("code", [WEB, WORKER])
def test_the_client_of_redis_is_loaded_only_where_there_is_one(tmp_path: Path, code: str) -> None:
    assert "redis" not in loaded(code, tmp_path)


@pytest.mark.slow
def test_with_redis_rings_and_limits_load_it(tmp_path: Path) -> None:
    ring = f"{WORKER}; from kefu.journal.rings.bell import bell; assert bell().transport.channel"

    assert "redis" in loaded(ring, tmp_path, REDIS_URL=REDIS)


@pytest.mark.slow
def test_the_page_that_asks_the_ledger_has_threads_of_its_own_in_every_language(tmp_path: Path) -> None:
    names = "from django.conf import settings; from django.urls import reverse; from kefu.config import asgi"
    paths = "{activate(language) or reverse('tools:deposit') for language, _ in settings.LANGUAGES}"
    code = f"{WEB}; {names}; from django.utils.translation import activate"

    assert "kefu" in loaded(f"{code}; assert set(asgi.limits.patient_paths) == {paths}", tmp_path)


@pytest.mark.slow
def test_what_programs_send_has_a_thread_of_its_own(tmp_path: Path) -> None:
    names = "from django.urls import reverse; from kefu.config import asgi"
    code = f"{WEB}; {names}; assert asgi.limits.bulk_paths == [reverse('api_editor_articles')]"

    assert "kefu" in loaded(code, tmp_path)
