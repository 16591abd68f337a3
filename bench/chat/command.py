"""`bin/bench chat`: its choices, the run, and its exit code."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

import uvloop

from bench import machine
from bench.chat import report
from bench.chat.findings import Weighing
from bench.chat.phases import ChatRun, names, tell
from bench.chat.results import PHASES, Choice, Results
from bench.chat.setting import LIMIT, REFERENCE, Place, own_folder, setting

POSTGRES, REDIS = "postgres://postgres@127.0.0.1:5432/postgres", "redis://127.0.0.1:6379/9"
# Each customer and each agent is a socket of the load's, and files beside.
DESCRIPTORS, OTHERS = 20_000, 1_000
QUIET = 3.0


def add_flags(parser: ArgumentParser) -> None:
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=Choice.rounds)
    parser.add_argument("--seconds", type=float, default=Choice.seconds, help="of each run within a round")
    parser.add_argument(
        "--in-flight", type=int, default=Choice.in_flight, help="messages under way at saturation"
    )
    parser.add_argument("--customers", type=int, default=0, help="as many as it takes, if left out")
    parser.add_argument(
        "--only", choices=PHASES, action="append", help="measure this and no other; may be repeated"
    )
    parser.add_argument(
        "--without", choices=[LIMIT, REFERENCE], action="append", default=[], help="leave out"
    )
    parser.add_argument("--postgres", default=os.environ.get("TEST_POSTGRES") or POSTGRES)
    parser.add_argument("--redis", default=os.environ.get("TEST_REDIS") or REDIS)
    parser.add_argument("--folder", type=Path, help="where to store; it is kept, for a look afterwards")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")


def run(chosen: Namespace) -> int:
    """Raises NotMeasurable."""
    cores = machine.cores()
    allowed = machine.allow_descriptors(DESCRIPTORS)
    choice = Choice(
        rounds=chosen.rounds,
        seconds=chosen.seconds,
        in_flight=chosen.in_flight,
        customers=chosen.customers,
        phases=tuple(chosen.only or PHASES),
        most_sockets=allowed - OTHERS,
    )
    load_before = machine.load_average()
    is_postgres = chosen.database == "postgres"
    tell("starting the servers")
    with own_folder(chosen.folder) as folder:
        services = (chosen.postgres, chosen.redis) if is_postgres else ("", "")
        wanted = names(choice, [name for name in (LIMIT, REFERENCE) if name not in chosen.without])
        with setting(Place(folder, *services), cores, wanted) as servers, machine.on_core(cores.load):
            run = ChatRun(servers, choice)
            results = uvloop.run(run.measure())
    return _tell_all(results, choice, chosen, load_before, has_one_core=cores.server == cores.load)


def _tell_all(
    results: Results, choice: Choice, chosen: Namespace, load_before: float, *, has_one_core: bool
) -> int:
    findings = Weighing(results, chosen.database).weigh()
    findings.remarks.append(f"the load average was {load_before:.1f} at the start")
    if load_before > QUIET:
        findings.remarks.append("others used this machine, so ratios may be off as well")
    if has_one_core:
        findings.remarks.append("server and load shared one core, which flatters whoever answers slowly")
    if chosen.json:
        print(json.dumps(report.data(results, findings, chosen.database), indent=1))
    else:
        print("\n".join(report.lines(results, findings, choice)))
    return int(findings.verdict)
