"""bin/kefu on a fresh machine: its own environment, by whatever the machine has, or one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "cat", "chmod", "cksum", "dirname", "grep", "ln", "mkdir", "mv", "readlink", "rm", "sleep")
# The wrappers below stand for machines that lack something; the real interpreter does the rest.
BASE = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
NO_ENSUREPIP = """case "$*" in
    *--without-pip*) ;;
    *"-m venv "*) for last; do :; done; mkdir -p "$last/half"; exit 1 ;;
esac"""
NO_PIP = 'case "$*" in "-m pip "*) exit 1 ;; esac'
TOO_OLD = 'case "$*" in *platform*) echo "3.9.2 with SQLite 3.34.1"; exit 0 ;; *) exit 1 ;; esac'
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout as a user gets it, that needs one small package."""
    place = tmp_path / "a checkout"
    shutil.copytree(ROOT / "bin", place / "bin")
    shutil.copytree(ROOT / "kefu", place / "kefu", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    pinned = re.search(r"^sqlparse==(.+\\\n)+.+\n", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned
    (place / "requirements.txt").write_text(pinned[0])
    return place


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is the whole PATH: the usual tools, and what a test adds."""
    place = tmp_path / "programs"
    place.mkdir()
    for name in TOOLS:
        (place / name).symlink_to(shutil.which(name) or name)
    return place


def add_python(machine: Path, lacks: str = "") -> None:
    program = machine / "python3"
    program.write_text(f'#!/bin/sh\n{lacks}\nexec {BASE} "$@"\n')
    program.chmod(0o755)


def start(checkout: Path, machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "bin/kefu", *(arguments or ("--help",))],
        env={
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_", "UV_", "SSL_", "HOME"))
        }
        | {"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def assert_it_works(done: subprocess.CompletedProcess[str], checkout: Path) -> None:
    assert done.returncode == 0, done.stderr
    assert "set up what is needed and serve" in done.stdout
    found = subprocess.run([checkout / ".venv/bin/python", "-c", "import sqlparse"], check=False)
    assert found.returncode == 0
    assert not (checkout / ".venv.turn").is_symlink()


def test_python_with_venv_is_enough_and_a_second_start_costs_nothing(checkout: Path, machine: Path) -> None:
    add_python(machine)

    first = start(checkout, machine)
    stamp = (checkout / ".venv/stamp").stat().st_mtime_ns
    second = start(checkout, machine)

    assert_it_works(first, checkout)
    assert_it_works(second, checkout)
    assert "once" in first.stderr
    assert second.stderr == ""
    assert (checkout / ".venv/stamp").stat().st_mtime_ns == stamp


def test_uv_is_used_when_it_is_there(checkout: Path, machine: Path) -> None:
    uv = subprocess.run(["uv", "--version"], capture_output=True, check=False) if shutil.which("uv") else None
    if uv is None or uv.returncode:
        pytest.skip("only where uv is installed")
    add_python(machine)
    (machine / "uv").write_text(
        f'#!/bin/sh\necho "$1" >>"{machine}/calls"\nPATH={os.environ["PATH"]} exec uv "$@"\n'
    )
    (machine / "uv").chmod(0o755)

    assert_it_works(start(checkout, machine), checkout)
    assert (machine / "calls").read_text().split() == ["--version", "venv", "pip"]


def test_debian_without_ensurepip_uses_the_systems_pip(checkout: Path, machine: Path) -> None:
    add_python(machine, NO_ENSUREPIP)

    assert_it_works(start(checkout, machine), checkout)


def test_without_any_way_one_sentence_says_what_to_install(checkout: Path, machine: Path) -> None:
    add_python(machine, f"{NO_PIP}\n{NO_ENSUREPIP}")

    done = start(checkout, machine)

    assert done.returncode == 4
    assert "sudo apt-get install -y python3-venv" in done.stderr.splitlines()[-1]
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_too_old_is_named(checkout: Path, machine: Path) -> None:
    add_python(machine, TOO_OLD)

    done = start(checkout, machine)

    assert done.returncode == 4
    assert "Kefu needs Python 3.11 or newer" in done.stderr
    assert "found: 3.9.2 with SQLite 3.34.1" in done.stderr


def test_a_package_with_another_hash_is_not_installed(checkout: Path, machine: Path) -> None:
    add_python(machine)
    pinned = (checkout / "requirements.txt").read_text()
    (checkout / "requirements.txt").write_text(re.sub(r"sha256:[0-9a-f]{4}", "sha256:0000", pinned))

    done = start(checkout, machine)

    assert done.returncode == 4
    assert not (checkout / ".venv/stamp").exists()


def test_a_changed_requirements_file_is_installed_on_the_next_start(checkout: Path, machine: Path) -> None:
    add_python(machine)
    assert start(checkout, machine).returncode == 0
    with (checkout / "requirements.txt").open("a") as file:
        file.write("# another word\n")

    assert "once" in start(checkout, machine).stderr


def test_two_at_once_make_one_environment(checkout: Path, machine: Path) -> None:
    add_python(machine)
    environ = {"PATH": str(machine)} | {
        key: value for key, value in os.environ.items() if key.startswith("PIP_")
    }
    command = [checkout / "bin/kefu", "--help"]

    both = [
        subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for _ in "12"
    ]
    said = [one.communicate(timeout=300)[1] for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sum("once" in words for words in said) == 1


def test_a_turn_whose_holder_died_is_taken_over(checkout: Path, machine: Path) -> None:
    add_python(machine)
    dead = subprocess.Popen(["true"])
    dead.wait()
    (checkout / ".venv.turn").symlink_to(str(dead.pid))

    assert_it_works(start(checkout, machine), checkout)


def test_a_link_to_the_program_from_elsewhere_finds_its_checkout(
    checkout: Path, machine: Path, tmp_path: Path
) -> None:
    add_python(machine)
    (tmp_path / "kefu").symlink_to(checkout / "bin/kefu")
    assert start(checkout, machine).returncode == 0

    done = subprocess.run(
        [tmp_path / "kefu", "--help"], env={"PATH": str(machine)}, cwd="/", capture_output=True, check=False
    )

    assert done.returncode == 0


@pytest.mark.slow
def test_everything_that_users_get_installs_and_loads(checkout: Path, machine: Path) -> None:
    add_python(machine)
    shutil.copy(ROOT / "requirements.txt", checkout)

    done = start(checkout, machine, "django", "check")

    assert done.returncode == 0, done.stderr
