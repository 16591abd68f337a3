"""bin/kefu on a fresh machine: its own environment, by whatever the machine has, or one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
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

WITHOUT_PROFILE = 'case "$*" in *--enable-optimizations*) exit 1 ;; esac'
WITH_PROFILE = 'case "$*" in *--enable-optimizations*) exit 0 ;; esac'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return checkout_in(tmp_path)


def checkout_in(folder: Path) -> Path:
    """A checkout as a user gets it, that needs one small package."""
    place = folder / "a checkout"
    shutil.copytree(ROOT / "bin", place / "bin")
    shutil.copytree(ROOT / "kefu", place / "kefu", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    pinned = re.search(r"^sqlparse==(.+\\\n)+.+\n", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned
    (place / "requirements.txt").write_text(pinned[0])
    return place


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return machine_in(tmp_path)


def machine_in(folder: Path) -> Path:
    """A folder of programs that is the whole PATH: the usual tools, and what a test adds."""
    place = folder / "programs"
    place.mkdir()
    for name in TOOLS:
        (place / name).symlink_to(shutil.which(name) or name)
    return place


@dataclass(frozen=True)
class Started:
    """A checkout after its first start, on a machine with Python and venv."""

    checkout: Path
    machine: Path
    first: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Started:
    """Started once for all tests that leave it as it is, or take a copy."""
    folder = tmp_path_factory.mktemp("started")
    checkout, machine = checkout_in(folder), machine_in(folder)
    add_python(machine)
    # As on machines whose pip configuration names a folder that is not there.
    return Started(checkout, machine, start(checkout, machine, PIP_FIND_LINKS="/nowhere"))


@pytest.fixture
def started(once: Started, tmp_path: Path) -> Started:
    checkout = shutil.copytree(once.checkout, tmp_path / "a checkout", symlinks=True)
    return replace(once, checkout=Path(checkout))


def add_to_requirements(checkout: Path, words: str = "# another word\n") -> None:
    with (checkout / "requirements.txt").open("a") as file:
        file.write(words)


def add_python(machine: Path, lacks: str = "", name: str = "python3") -> None:
    program = machine / name
    program.write_text(f'#!/bin/sh\n{lacks}\nexec {BASE} "$@"\n')
    program.chmod(0o755)


def start(checkout: Path, machine: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "bin/kefu", *(arguments or ("--help",))],
        env={
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_", "UV_", "SSL_", "HOME"))
        }
        | {"PATH": str(machine)}
        | environ,
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


def test_python_with_venv_is_enough_and_a_second_start_costs_nothing(once: Started) -> None:
    stamp = (once.checkout / ".venv/stamp").stat().st_mtime_ns
    second = start(once.checkout, once.machine)

    assert_it_works(once.first, once.checkout)
    assert_it_works(second, once.checkout)
    assert second.stderr == ""
    assert (once.checkout / ".venv/stamp").stat().st_mtime_ns == stamp


def test_a_first_start_says_only_what_is_ours(once: Started) -> None:
    assert once.first.stderr == "Setting up Kefu's own environment in .venv; this is done once.\n"


def test_modules_of_whoever_calls_do_not_count(once: Started, tmp_path: Path) -> None:
    (tmp_path / "argparse.py").write_text("raise SystemExit('not ours')\n")

    assert_it_works(start(once.checkout, once.machine, PYTHONPATH=str(tmp_path)), once.checkout)


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


def test_a_python_that_was_built_without_its_profile_is_passed_over_for_one_that_was(
    checkout: Path, machine: Path
) -> None:
    notes = machine / "notes"
    note = f'case "$*" in *"-m venv "*) echo "$0" >>"{notes}" ;; esac'
    add_python(machine, f"{WITHOUT_PROFILE}\n{note}", "python3.11")
    add_python(machine, f"{WITH_PROFILE}\n{note}")

    assert_it_works(start(checkout, machine), checkout)
    assert notes.read_text().split() == [str(machine / "python3")]


def test_a_python_without_its_profile_is_better_than_none(checkout: Path, machine: Path) -> None:
    add_python(machine, WITHOUT_PROFILE)

    assert_it_works(start(checkout, machine), checkout)


def test_a_python_that_is_too_old_is_named(checkout: Path, machine: Path) -> None:
    add_python(machine, TOO_OLD)

    done = start(checkout, machine)

    assert done.returncode == 4
    assert "Kefu needs Python 3.11 or newer" in done.stderr
    assert "found: 3.9.2 with SQLite 3.34.1" in done.stderr


def test_a_package_with_another_hash_is_not_installed_and_pip_says_why(started: Started) -> None:
    pinned = (started.checkout / "requirements.txt").read_text()
    (started.checkout / "requirements.txt").write_text(
        re.sub(r"==[0-9.]+ ", "==0.4.4 ", re.sub(r"sha256:[0-9a-f]{4}", "sha256:0000", pinned))
    )

    done = start(started.checkout, started.machine)

    assert done.returncode == 4
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert "could not be installed; see above" in done.stderr.splitlines()[-1]
    assert not (started.checkout / ".venv/stamp").exists()


def test_a_changed_requirements_file_is_installed_on_the_next_start(started: Started) -> None:
    add_to_requirements(started.checkout)

    assert "once" in start(started.checkout, started.machine).stderr
    assert start(started.checkout, started.machine).stderr == ""


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


def test_a_turn_whose_holder_died_is_taken_over(started: Started) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    (started.checkout / ".venv.turn").symlink_to(str(dead.pid))
    add_to_requirements(started.checkout)

    assert_it_works(start(started.checkout, started.machine), started.checkout)


def test_a_link_to_the_program_from_elsewhere_finds_its_checkout(once: Started, tmp_path: Path) -> None:
    (tmp_path / "kefu").symlink_to(once.checkout / "bin/kefu")

    done = subprocess.run(
        [tmp_path / "kefu", "--help"],
        env={"PATH": str(once.machine)},
        cwd="/",
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0


@pytest.mark.slow
def test_everything_that_users_get_installs_and_loads(checkout: Path, machine: Path) -> None:
    add_python(machine)
    shutil.copy(ROOT / "requirements.txt", checkout)

    done = start(checkout, machine, "django", "check")

    assert done.returncode == 0, done.stderr
