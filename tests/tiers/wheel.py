"""The wheel: built from a clean copy, with everything in it that a page needs, and able to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("pyproject.toml", "README.md", "LICENSE", "kefu")
# What only the checkout needs, or what is made when it runs.
NOT_SHIPPED = ("__pycache__", "tests", "*.pyc")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        problem = check(Path(folder))
    print(problem or "The wheel holds everything and starts.")
    return 1 if problem else 0


def check(folder: Path) -> str:
    """What is wrong with the wheel, in one sentence; nothing when it is good."""
    source = _clean_copy(folder / "source")
    build = [*_pip(), "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    if subprocess.run(build, check=False).returncode:
        return "The wheel could not be built."
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        lacking = sorted(_files(source / "kefu", below=source) - set(wheel.namelist()))
        wheel.extractall(folder / "installed")
    if lacking:
        return f"The wheel lacks {', '.join(lacking[:20])}."
    return "" if _starts(folder / "installed") else "What the wheel installs does not start."


def _clean_copy(place: Path) -> Path:
    place.mkdir()
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
        else:
            shutil.copy(ROOT / name, place)
    return place


def _files(top: Path, *, below: Path) -> set[str]:
    return {path.relative_to(below).as_posix() for path in top.rglob("*") if path.is_file()}


def _starts(place: Path) -> bool:
    command = [sys.executable, "-P", "-m", "kefu", "--help"]
    environ = os.environ | {"PYTHONPATH": str(place)}
    return subprocess.run(command, cwd=place, env=environ, capture_output=True, check=False).returncode == 0


def _pip() -> list[str]:
    """Our own pip where the environment has one; an environment made by uv has none."""
    own = [sys.executable, "-m", "pip"]
    has_own = subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0
    return own if has_own else ["python3", "-m", "pip"]


if __name__ == "__main__":
    sys.exit(main())
