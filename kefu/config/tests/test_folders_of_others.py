"""A data folder that may not be written, or in which somebody else has started Kefu once: one sentence, and no start.

Root may write everywhere, so as root Kefu is started without that power.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.config.tests.serving import Served

pytestmark = pytest.mark.process

POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner")


def lacks_setpriv() -> bool:
    """Where a test runs as root and can't put that down."""
    if os.geteuid():
        return False
    words = [*POWERLESS, "true"]
    return not shutil.which(POWERLESS[0]) or bool(
        subprocess.run(words, capture_output=True, check=False).returncode
    )


if lacks_setpriv():
    pytest.skip("needs root to be able to put its powers down: setpriv", allow_module_level=True)


class Powerless(Served):
    program = (*(() if os.geteuid() else POWERLESS), sys.executable, "-m", "kefu")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "of others" / "data"
    made.mkdir(parents=True)
    yield made
    for folder in (made.parent, made, made / "keys"):
        if folder.exists():
            folder.chmod(0o700)


def refusal(data: Path) -> str:
    refused = Powerless(data, "--port", "0")
    code = refused.process.wait(60)
    refused.end()
    assert code == 1
    return refused.said


def sentence(verb: str, path: Path) -> str:
    return f"Kefu can't {verb} {path} (permission denied); make it yours, or choose another folder with --data.\n"


def test_a_folder_that_may_not_be_written_is_refused(data: Path) -> None:
    data.chmod(0o500)

    assert refusal(data) == sentence("write in", data)


def test_a_folder_that_may_not_even_be_looked_into_is_refused(data: Path) -> None:
    data.chmod(0)

    assert refusal(data) == sentence("write in", data)


def test_a_folder_that_may_not_be_made_is_refused(data: Path) -> None:
    data.rmdir()
    data.parent.chmod(0o500)

    assert refusal(data) == sentence("write in", data)


@pytest.mark.parametrize("name", ["kefu.pid", "kefu.sqlite3", "kefu.sqlite3-wal", "prepare.lock"])
def test_a_file_in_it_that_may_not_be_written_is_named(data: Path, name: str) -> None:
    (data / name).touch(mode=0o400)

    assert refusal(data) == sentence("write to", data / name)


@pytest.mark.parametrize("name", ["keys", "keys/secret_key"])
def test_keys_that_may_not_be_read_are_named(data: Path, name: str) -> None:
    (data / "keys").mkdir()
    (data / "keys" / "secret_key").write_text("a key")
    (data / name).chmod(0)

    assert refusal(data) == sentence("read", data / name)
