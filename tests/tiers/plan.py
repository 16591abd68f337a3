"""The tiers in their order, and what each command of a tier is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

PYTHON = sys.executable
# The tally reads the reason of each skip.
PYTEST = ("-m", "pytest", "-q", "-rfEs")
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
        "realtime",
        "cases",
        "helpcentre",
        "contact",
        "livechat",
        "mailroom",
        "desk",
    )
]
# What asks every room at once lives in the room that knows them all.
OF_ALL_ROOMS = [
    f"kefu/config/tests/{file}"
    for file in ("test_privacy.py", "test_every_door.py", "test_every_frame_of_a_socket.py")
]
# The product's own defaults, whatever the developer's shell says; a command that wants a service is given it.
ALONE = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "DJANGO_SETTINGS_MODULE": "kefu.config.testing",
    "PYTEST_ADDOPTS": "",
    # Hundreds of processes read the same modules; compiling them once is enough.
    "PYTHONDONTWRITEBYTECODE": "",
}
IN_PROCESS = "not journey and not fault and not process"
# Some tests wait, for what they broke or for a limit of time, so one more than there are cores keeps two cores busy.
WAITING = ("-n", "3")
# How the files are called in which a room tries its modules in a browser.
IN_BROWSER = "test_*_in_browser.py"
# These read the checkout and are among the static checks.
OF_THE_HOUSE = ("tests/test_house_rules.py", "tests/test_translations.py")
OTHERS = [f"--ignore={file}" for file in OF_THE_HOUSE]
LEAST_COVERAGE = 90
# It changes what is run until each line has been seen; a tracer would slow down every line to the end.
CAN_MEASURE = find_spec("slipcover") is not None
FIGURES = ".coverage.json"
MEASURING = ("-m", "slipcover", "--json", "--out", FIGURES)


@dataclass(frozen=True)
class Command:
    """One program of a tier; the names in `needs` must be on the machine."""

    says: str
    arguments: Sequence[str]
    needs: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    has_tests: bool = False

    def within(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment to run in: the caller's, without services and habits of the caller's own."""
        drawing = {"PYTEST_ADDOPTS": f"--hypothesis-seed={seed}"} if (seed := _first_seed(environ)) else {}
        return {**environ, **ALONE, **drawing, **self.environ}


def _first_seed(environ: Mapping[str, str]) -> str:
    return environ.get("TEST_SEEDS", "").split(",")[0]


@dataclass(frozen=True)
class Tier:
    name: str
    minutes: float
    commands: Sequence[Command]


def pytest(says: str, *arguments: str, needs: Sequence[str] = (), **environ: str) -> Command:
    return Command(says, (PYTHON, *PYTEST, *arguments), needs, environ, has_tests=True)


def module(says: str, name: str, *arguments: str) -> Command:
    return Command(says, (PYTHON, "-m", name, *arguments))


JUDGING = module(
    f"coverage of at least {LEAST_COVERAGE} %",
    "slipcover",
    f"--fail-under={LEAST_COVERAGE}",
    "--out",
    FIGURES,
    "--merge",
    FIGURES,
)


def static() -> Tier:
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
            module("migrations", "django", "makemigrations", "--check", "--dry-run"),
            pytest("house rules and translations", *OF_THE_HOUSE),
        ),
    )


def unit() -> Tier:
    return Tier(
        "unit and database tests",
        6,
        (
            Command(
                "SQLite, with coverage" if CAN_MEASURE else "SQLite; no slipcover here to measure coverage",
                (PYTHON, *(MEASURING if CAN_MEASURE else ()), *PYTEST, *OTHERS, *WAITING, "-m", IN_PROCESS),
                has_tests=True,
            ),
            *([JUDGING] if CAN_MEASURE else []),
        ),
    )


def postgres(url: str) -> Tier:
    core = ("-p", "tests.tiers.of_databases", *CORE, *OF_ALL_ROOMS, *WAITING, "-m", IN_PROCESS)
    return Tier(
        "core rooms on PostgreSQL", 6, (pytest("PostgreSQL", *core, needs=["postgres"], DATABASE_URL=url),)
    )


def journeys() -> Tier:
    # A story of one file follows the one before it, in a browser and with a product of its own process. A process has one
    # browser at a time, so what the rooms try in theirs is a command of its own.
    side_by_side = ("--dist", "loadfile", "-m", "journey")
    # Reading all the other tests of the rooms, to leave them out, would take longer than most of the stories.
    only = ("-o", f"python_files={IN_BROWSER}")
    return Tier(
        "journeys",
        8,
        (
            pytest("modules in Chromium", *only, *WAITING, *side_by_side, "kefu", needs=["browser"]),
            # Two browsers with two products are all that two cores can serve as fast as people expect.
            pytest("stories in Chromium", "-n", "2", *side_by_side, "tests", needs=["browser"]),
        ),
    )


def faults(postgres: str, redis: str) -> Tier:
    # A run mostly waits for what it broke. What clients were told is drawn by the reducer of the browsers, in a browser.
    chosen = (*WAITING, "-m", "fault and not journey and not timed")
    alone = ("-m", "fault and timed and not journey")
    services = {"TEST_POSTGRES": postgres, "TEST_REDIS": redis}
    return Tier(
        "faults",
        3,
        (
            pytest(
                "processes and sockets that die", *chosen, needs=["browser", "postgres", "redis"], **services
            ),
            pytest("writers beside each other, alone", *alone, needs=["postgres"], **services),
        ),
    )


def starting() -> Tier:
    chosen = "process and not fault and not journey"
    side_by_side = (*WAITING, "--dist", "loadfile", "-m", f"{chosen} and not timed")
    return Tier(
        "starting and stopping",
        3,
        (
            pytest("the product as processes", *side_by_side),
            pytest("what compares times, alone", "-m", f"{chosen} and timed"),
        ),
    )


def wheel() -> Tier:
    return Tier("wheel", 1, (module("build, install, serve", "tests.tiers.wheel"),))


def quick() -> Tier:
    fast = (*OTHERS, *WAITING, "-m", f"{IN_PROCESS} and not slow")
    return Tier("fast tests", 2, (pytest("SQLite", *fast),))
