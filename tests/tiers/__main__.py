"""bin/test: run the tiers, print their times, and name what could not run."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence

from tests.tiers import plan
from tests.tiers.machine import Machine, set_up
from tests.tiers.plan import Command, Tier
from tests.tiers.tally import Tally, check, tally

LONG_SEEDS = 5


def main() -> int:
    parser = arguments()
    chosen = parser.parse_args()
    environ = os.environ | drawing(chosen.seed, is_long=chosen.long)
    machine = Machine() if chosen.quick else set_up(environ)
    tiers = [
        tier
        for tier in chosen_tiers(machine, quick=chosen.quick)
        if not chosen.only or chosen.only in tier.name
    ]
    if not tiers:
        parser.error(f"no tier has {chosen.only!r} in its name")
    with tempfile.TemporaryDirectory(prefix="kefu-prepared-") as prepared:
        run = Run(machine, environ | {"TEST_PREPARED": prepared}, is_ci=environ.get("CI") == "true")
        for tier in tiers:
            run.tier(tier, is_long=chosen.long)
    return run.close()


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/test", description="Run every tier of tests.")
    parser.add_argument(
        "--long", action="store_true", help="single faults for a minute, full matrices, many seeds"
    )
    parser.add_argument(
        "--quick", action="store_true", help="static checks and fast tests only, as bin/check"
    )
    parser.add_argument(
        "--only", metavar="WORD", default="", help="only tiers that have this word in their name"
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=int,
        action="append",
        help="draw from this seed, as a run said that failed",
    )
    return parser


def drawing(chosen: Sequence[int] | None, *, is_long: bool) -> dict[str, str]:
    """TEST_LONG and TEST_SEEDS for what the tests draw; a long run draws from new seeds and says which."""
    seeds = chosen or ([secrets.randbelow(10**6) for _ in range(LONG_SEEDS)] if is_long else [])
    if seeds:
        print("Seeds of this run, to have it again:", *(f"--seed {seed}" for seed in seeds), flush=True)
    return {"TEST_LONG": "1" if is_long else "", "TEST_SEEDS": ",".join(map(str, seeds))}


def chosen_tiers(machine: Machine, *, quick: bool) -> Sequence[Tier]:
    if quick:
        return (plan.static(), plan.quick())
    return (
        plan.static(),
        plan.unit(),
        plan.postgres(machine.postgres),
        plan.journeys(),
        plan.faults(machine.postgres, machine.redis),
        plan.starting(),
        plan.wheel(),
    )


class Run:
    """One run of bin/test: what was counted, what failed, what could not run, and how long it took."""

    def __init__(self, machine: Machine, environ: Mapping[str, str], *, is_ci: bool) -> None:
        self.machine = machine
        self.environ = environ
        self.is_ci = is_ci
        self.tally = Tally()
        self.lines: list[str] = []
        self.left_out: list[str] = []
        self.failures: list[str] = []

    def tier(self, tier: Tier, *, is_long: bool) -> None:
        print(f"\n── {tier.name} ──", flush=True)
        started = time.monotonic()
        for command in tier.commands:
            self.command(tier, command)
        minutes = (time.monotonic() - started) / 60
        late = "  over its budget" if minutes > tier.minutes and not is_long else ""
        self.lines.append(f"{tier.name:28} {minutes * 60:6.1f} s of {tier.minutes * 60:3.0f}{late}")

    def command(self, tier: Tier, command: Command) -> None:
        name = f"{tier.name}: {command.says}"
        lacking = [self.machine.lacks[need] for need in command.needs if not self.machine.has(need)]
        if lacking:
            self.left_out.append(f"{name} ({'; '.join(lacking)})")
        else:
            self.carry_out(name, command)

    def carry_out(self, name: str, command: Command) -> None:
        started = time.monotonic()
        output, code = run(command, self.environ)
        counted = tally(output, code) if command.has_tests else check(code)
        self.tally.add(counted)
        self.left_out += [f"{name} ({want})" for want in counted.wants]
        if counted.failed:
            self.failures.append(f"{name} ({'; '.join(counted.faults)})" if counted.faults else name)
        verdict = "failed" if counted.failed else "good"
        print(f"   {command.says}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)

    def close(self) -> int:
        """Print the end of the run; the last line is the one that a reader of results looks for."""
        if self.is_ci:
            # Where nothing may be left out, what could not run has failed.
            self.failures += self.left_out
            self.tally.failed += len(self.left_out)
        print("\n── times ──", *self.lines, sep="\n")
        for title, names in (("could not run", self.left_out), ("failed", self.failures)):
            if names:
                print(f"── {title} ──", *names, sep="\n")
        print(self.tally, flush=True)
        return 1 if self.failures else 0


def run(command: Command, environ: Mapping[str, str]) -> tuple[str, int]:
    """Run one program, show what it says while it says it, and give both back."""
    running = subprocess.Popen(
        command.arguments,
        env=command.within(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    output = "".join(_shown(running))
    return output, running.wait()


def _shown(running: subprocess.Popen[str]) -> Iterator[str]:
    for line in running.stdout or ():
        print(line, end="", flush=True)
        yield line


if __name__ == "__main__":
    sys.exit(main())
