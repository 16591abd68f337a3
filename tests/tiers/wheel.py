"""The wheel: built from a clean copy, installed beside what users get and nothing else, and able to serve its pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from kefu.config import catalogues
from tests.product import Product

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("pyproject.toml", "README.md", "LICENSE", "kefu")
# What only the checkout needs, or what is made when it runs.
NOT_SHIPPED = ("__pycache__", "tests", "*.pyc", "*.mo")
# A word of the templates' translations and one of the demo's articles: both must have come along.
PAGES = {
    "/zh-hans/": ("帮助中心", "提现"),
    "/zh-hant/": ("客服", "提領"),
    "/en/": ("Help centre", "withdrawal"),
    "/zh-hans/contact/": ("联系我们", "星海"),
    "/staff/sign-in/": ("星海", "password"),
}


class Faulty(Exception):
    """What is wrong with the wheel, in one sentence."""


def main() -> int:
    try:
        with tempfile.TemporaryDirectory() as folder:
            examine(Path(folder))
    except Faulty as problem:
        print(problem)
        return 1
    print("The wheel holds everything, installs and serves.")
    return 0


def examine(folder: Path) -> None:
    source = _clean_copy(folder / "source")
    wheel = _built(source, folder)
    with zipfile.ZipFile(wheel) as opened:
        lacking = sorted(_files(source / "kefu", below=source) - set(opened.namelist()))
    if lacking:
        raise Faulty(f"The wheel lacks {', '.join(lacking[:20])}.")
    place = _environment(folder / "environment")
    _must(
        [*_pip(), "--python", str(place / "python"), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    )
    _must([*_pip(), "--python", str(place / "python"), "check"])
    installed = next((place.parent / "lib").glob("*/site-packages/kefu"))
    before = dict(_times(installed))
    _check_and_serve(place / "kefu", folder)
    if changed := sorted({name for name, _ in before.items() ^ dict(_times(installed)).items()}):
        raise Faulty(f"A start changed what was installed: {', '.join(changed[:20])}.")


def _clean_copy(place: Path) -> Path:
    place.mkdir()
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
        else:
            shutil.copy(ROOT / name, place)
    catalogues.compile_all(place)
    return place


def _built(source: Path, folder: Path) -> Path:
    _must([*_pip(), "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)])
    return next(folder.glob("*.whl"))


def _files(top: Path, *, below: Path) -> set[str]:
    return {path.relative_to(below).as_posix() for path in top.rglob("*") if path.is_file()}


def _times(installed: Path) -> Iterator[tuple[str, int]]:
    for name in _files(installed, below=installed):
        if "__pycache__" not in name:
            yield name, (installed / name).stat().st_mtime_ns


def _environment(place: Path) -> Path:
    """An empty environment with the packages of requirements.txt, linked so that nothing is fetched; its programs."""
    _must([sys.executable, "-m", "venv", "--without-pip", str(place)])
    packages = place / "packages"
    packages.mkdir()
    for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE):
        for part in _parts_of(name):
            if not (packages / part.name).exists():
                (packages / part.name).symlink_to(part)
    site = next(place.glob("lib/*/site-packages"))
    (site / "packages.pth").write_text(f"{packages}\n")
    return place / "bin"


def _parts_of(name: str) -> set[Path]:
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        # Some are for other systems only; what is missing here is seen by pip's own check.
        return set()
    tops = {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}
    return {Path(str(package.locate_file(top))) for top in tops}


class Installed(Product):
    """What the wheel brought, away from any checkout."""

    def __init__(self, program: Path, folder: Path) -> None:
        super().__init__(folder / "data")
        self.program = (str(program),)
        self.folder = folder
        for name in ("PYTHONPATH", "PYTHONHOME"):
            self.environment.pop(name, None)


def _check_and_serve(program: Path, folder: Path) -> None:
    empty = folder / "elsewhere"
    empty.mkdir()
    product = Installed(program, empty)
    try:
        product.run("django", "check")
        product.start()
        for path, words in PAGES.items():
            _see(product, path, words)
        product.run("check")
        code = product.stop()
    except AssertionError as problem:
        raise Faulty(f"What the wheel installs does not run: {problem}") from problem
    finally:
        if product.process is not None:
            product.stop()
    if code:
        raise Faulty(f"What the wheel installs ended with code {code}.")


def _see(product: Product, path: str, words: tuple[str, ...]) -> None:
    page = _fetched(product, path).decode()
    if missing := [word for word in words if word not in page]:
        raise Faulty(f"{path} of the installed wheel lacks {', '.join(missing)}.")
    for file in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)):
        if not _fetched(product, file):
            raise Faulty(f"{file} of the installed wheel is empty.")


def _fetched(product: Product, path: str) -> bytes:
    try:
        with urllib.request.urlopen(product.url + path, timeout=20) as answer:
            return bytes(answer.read())
    except OSError as problem:
        raise Faulty(f"{path} of the installed wheel can't be fetched: {problem}") from problem


def _must(command: list[str]) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Faulty(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _pip() -> list[str]:
    """Our own pip where the environment has one; an environment made by uv has none."""
    own = [sys.executable, "-m", "pip"]
    has_own = subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0
    return own if has_own else ["python3", "-m", "pip"]


if __name__ == "__main__":
    sys.exit(main())
