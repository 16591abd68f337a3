"""What plan.py promises: every test runs in one tier, in an environment that is the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from tests.tiers import plan
from tests.tiers.__main__ import arguments, chosen_tiers, drawing
from tests.tiers.machine import Machine
from tests.tiers.plan import Command, Tier

ROOT = Path(__file__).resolve().parents[2]
POSTGRES, REDIS = "postgres://postgres@db.example/postgres", "redis://cache.example/0"
# A developer who works with services of their own, and with habits.
DEVELOPER = {
    "DATABASE_URL": "postgres://me@127.0.0.1/mine",
    "REDIS_URL": "redis://127.0.0.1/3",
    "PYTEST_ADDOPTS": "-k nothing",
    "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
    "HOME": "/home/me",
}
PLACES = {"kefu", "tests"}
MARKS = ("journey", "fault", "process", "slow", "timed")
# Rooms that store nothing of their own, or whose tests are about one database but for those that ask every room.
ON_SQLITE_ONLY = {"config", "demo", "ui"}


def everything() -> Sequence[Tier]:
    return chosen_tiers(Machine(postgres=POSTGRES, redis=REDIS), quick=False)


def commands(tiers: Sequence[Tier]) -> list[Command]:
    return [command for tier in tiers for command in tier.commands]


def on_postgres() -> Command:
    return plan.postgres(POSTGRES).commands[0]


def selects(command: Command, marks: dict[str, bool], place: str = "kefu") -> bool:
    """Whether a command that looks at every file of this place takes a test with these marks."""
    words = list(command.arguments)
    looks_everywhere = command.has_tests and not any("/" in word for word in words[1:] if word[0] != "-")
    looks_here = not PLACES & set(words) or place in words
    # "-m" names the module for Python first, and the marks for pytest last.
    return looks_everywhere and looks_here and eval(words[len(words) - words[::-1].index("-m")], {}, marks)  # noqa: S307 - our own words


def is_read_by(command: Command, file: str) -> bool:
    unmarked = dict.fromkeys(MARKS, False)
    return file in command.arguments or (
        selects(command, unmarked) and f"--ignore={file}" not in command.arguments
    )


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("has", list(product([False, True], repeat=len(MARKS))))
def test_a_test_with_any_marks_runs_in_exactly_one_tier(has: tuple[bool, ...], place: str) -> None:
    marks = dict(zip(MARKS, has, strict=True))

    taking = [command.says for command in commands(everything()) if selects(command, marks, place)]

    assert len(taking) == 1


def test_the_quick_gate_runs_what_the_tier_runs_but_for_the_slow() -> None:
    quick, whole = plan.quick().commands[0], plan.unit().commands[0]

    for has in product([False, True], repeat=len(MARKS)):
        marks = dict(zip(MARKS, has, strict=True))
        assert selects(quick, marks) == (selects(whole, marks) and not marks["slow"])


def test_what_reads_the_checkout_is_read_once() -> None:
    taking = [
        [command.says for command in commands(everything()) if is_read_by(command, file)]
        for file in plan.OF_THE_HOUSE
    ]

    assert taking == [["house rules and translations"]] * 2
    assert all((ROOT / file).exists() for file in plan.OF_THE_HOUSE)
    assert not any(is_read_by(plan.quick().commands[0], file) for file in plan.OF_THE_HOUSE)


def test_every_command_of_tests_names_its_skips_and_is_counted() -> None:
    running = [command for command in commands(everything()) if "pytest" in command.arguments]

    assert len(running) == 9
    assert all(command.has_tests and "-rfEs" in command.arguments for command in running)


def test_without_being_asked_nothing_runs_on_a_service_of_the_developers_own() -> None:
    alone = [command for command in commands(everything()) if command is not on_postgres()]

    for command in alone:
        environ = command.within(DEVELOPER)
        if "postgres" not in command.needs:
            assert (environ["DATABASE_URL"], environ["REDIS_URL"]) == ("", "")
        assert environ["DJANGO_SETTINGS_MODULE"] == "kefu.config.testing"
        assert environ["PYTEST_ADDOPTS"] == ""
        assert environ["HOME"] == "/home/me"


def test_the_core_rooms_get_postgresql_and_the_faults_both_services() -> None:
    assert on_postgres().within(DEVELOPER)["DATABASE_URL"] == POSTGRES
    assert on_postgres().needs == ["postgres"]

    faults = plan.faults(POSTGRES, REDIS).commands[0]
    environ = faults.within(DEVELOPER)
    assert (environ["TEST_POSTGRES"], environ["TEST_REDIS"]) == (POSTGRES, REDIS)
    assert environ["DATABASE_URL"] == ""
    assert faults.needs == ["browser", "postgres", "redis"]


def test_what_a_room_tries_in_a_browser_is_in_files_that_are_named_for_it() -> None:
    marked = [
        path for path in (ROOT / "kefu").rglob("test_*.py") if "pytest.mark.journey" in path.read_text()
    ]

    assert marked
    assert [path.name for path in marked if not path.match(plan.IN_BROWSER)] == []


def test_every_room_that_stores_something_runs_on_postgresql() -> None:
    rooms = {path.parent.name for path in (ROOT / "kefu").glob("*/migrations")}
    tested = {path.parent.name for path in (ROOT / "kefu").glob("*/tests")}

    assert {word.removeprefix("kefu/") for word in plan.CORE} == tested - ON_SQLITE_ONLY
    assert rooms - ON_SQLITE_ONLY <= tested


def test_what_asks_every_room_at_once_runs_on_postgresql_too() -> None:
    assert [file for file in plan.OF_ALL_ROOMS if not (ROOT / file).exists()] == []
    assert set(plan.OF_ALL_ROOMS) <= set(on_postgres().arguments)


def test_contributing_tells_the_tiers_and_their_minutes() -> None:
    told = re.findall(r"^\| ([a-zA-Z ]+) \| (\d+) \|", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)

    assert told == [(tier.name, str(tier.minutes)) for tier in everything()]


def test_a_seed_that_was_printed_draws_the_same_again(capsys: pytest.CaptureFixture[str]) -> None:
    first = drawing(None, is_long=True)
    printed = capsys.readouterr().out.partition(":")[2].split()

    again = drawing(arguments().parse_args(printed).seed, is_long=True)

    assert again == first
    assert len(set(first["TEST_SEEDS"].split(","))) > 1
    assert on_postgres().within(first)["PYTEST_ADDOPTS"].endswith(first["TEST_SEEDS"].split(",")[0])


def test_a_short_run_draws_the_same_on_every_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert drawing(None, is_long=False) == {"TEST_LONG": "", "TEST_SEEDS": ""}
    assert capsys.readouterr().out == ""
    assert drawing([7, 8], is_long=False) == {"TEST_LONG": "", "TEST_SEEDS": "7,8"}
