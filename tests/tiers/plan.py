"""The tiers in their order, and what each command of a tier is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PYTHON = sys.executable
CORE = [
    f"kefu/{room}"
    for room in (
        "brands",
        "journal",
        "background",
        "safety",
        "accounts",
        "exchange",
        "conversations",
        "waiting",
        "search",
        "helpcentre",
        "livechat",
        "desk",
    )
]
IN_PROCESS = "not journey and not fault and not process"
LEAST_COVERAGE = 90


@dataclass(frozen=True)
class Command:
    """One program of a tier; the names in `needs` must be on the machine."""

    says: str
    arguments: Sequence[str]
    needs: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tier:
    name: str
    minutes: float
    commands: Sequence[Command]


def pytest(says: str, *arguments: str, needs: Sequence[str] = (), **environ: str) -> Command:
    return Command(says, (PYTHON, "-m", "pytest", "-q", "-rfEs", *arguments), needs, environ)


def module(says: str, name: str, *arguments: str) -> Command:
    return Command(says, (PYTHON, "-m", name, *arguments))


def static() -> Tier:
    django = (PYTHON, "-m", "django")
    settings = {"DJANGO_SETTINGS_MODULE": "kefu.config.testing"}
    return Tier(
        "static checks",
        2,
        (
            module("lint", "ruff", "check", "--quiet", "."),
            module("format", "ruff", "format", "--check", "--quiet", "."),
            module("types", "mypy"),
            Command(
                "layers", (PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()")
            ),
            module("templates", "djlint", "kefu", "--lint", "--quiet"),
            Command("migrations", (*django, "makemigrations", "--check", "--dry-run"), environ=settings),
            pytest("house rules and translations", "tests/test_house_rules.py", "tests/test_translations.py"),
        ),
    )


def unit() -> Tier:
    return Tier(
        "unit and database tests",
        6,
        (
            Command("old figures", (PYTHON, "-m", "coverage", "erase")),
            Command(
                "SQLite, with coverage",
                (PYTHON, "-m", "coverage", "run", "-m", "pytest", "-q", "-rfEs", "-n", "2", "-m", IN_PROCESS),
            ),
            Command("figures", (PYTHON, "-m", "coverage", "combine", "--quiet")),
            Command(
                f"coverage of at least {LEAST_COVERAGE} %",
                (PYTHON, "-m", "coverage", "report", "--skip-covered", f"--fail-under={LEAST_COVERAGE}"),
            ),
        ),
    )


def postgres(url: str) -> Tier:
    core = (*CORE, "-n", "2", "-m", IN_PROCESS)
    return Tier(
        "core rooms on PostgreSQL", 6, (pytest("PostgreSQL", *core, needs=["postgres"], DATABASE_URL=url),)
    )


def journeys() -> Tier:
    return Tier("journeys", 8, (pytest("Chromium", "-m", "journey", needs=["browser"]),))


def faults() -> Tier:
    needs = ["postgres", "redis"]
    return Tier(
        "faults", 3, (pytest("processes and sockets that die", "-m", "fault and not journey", needs=needs),)
    )


def starting() -> Tier:
    return Tier(
        "starting and stopping", 3, (pytest("the product as processes", "-m", "process and not fault"),)
    )


def wheel() -> Tier:
    return Tier("wheel", 1, (Command("build, install, look inside", (PYTHON, "tests/tiers/wheel.py")),))


def quick() -> Tier:
    fast = ("-n", "2", "-m", f"{IN_PROCESS} and not slow")
    return Tier("fast tests", 2, (pytest("SQLite", *fast),))
