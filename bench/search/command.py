"""`bin/bench search`: its choices, the run, and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from bench.chat.command import POSTGRES
from bench.chat.phases import tell
from bench.chat.setting import database, own_folder
from bench.gates import Findings, Gate
from bench.machine import NotMeasurable
from bench.measuring import Spread, ratios
from bench.search.asked import AMONG_THREE, FIRST, MOST_RESULTS

SQLITE, POSTGRESQL = "sqlite", "postgres"
CPU = 2.0
# Models can be imported only after the setup.
INSIDE = (
    "import django; django.setup();"
    " from bench.search.measured import tell; tell(rounds={rounds}, number={number})"
)
Found = dict[str, Any]


def add_flags(parser: ArgumentParser) -> None:
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--articles", type=int, default=1_000, help="each in three languages")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", default=os.environ.get("TEST_POSTGRES") or POSTGRES)
    parser.add_argument("--folder", type=Path, help="where to store; it is kept, for a look afterwards")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")


def run(chosen: Namespace) -> int:
    """One database after the other, each empty and this run's own. Raises NotMeasurable."""
    wanted = [SQLITE, POSTGRESQL] if chosen.database == "both" else [chosen.database]
    found: dict[str, Found] = {}
    with own_folder(chosen.folder) as folder:
        for name in wanted:
            tell(f"indexing {chosen.articles} articles on {name}")
            with database(chosen.postgres if name == POSTGRESQL else "", "search") as url:
                found[name] = _inside(folder / name, url, chosen)
    findings = weigh(found)
    print(json.dumps(data(found, findings), indent=1) if chosen.json else "\n".join(lines(found, findings)))
    return int(findings.verdict)


def _inside(folder: Path, url: str, chosen: Namespace) -> Found:
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
        "KEFU_DATA": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": "",
    }
    inside = INSIDE.format(rounds=chosen.rounds, number=chosen.articles)
    words = [sys.executable, "-c", inside]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasurable(f"Searching could not be measured: {done.stderr.strip().splitlines()[-1:]}")
    answer: Found = json.loads(done.stdout.splitlines()[-1])
    return answer


def weigh(found: dict[str, Found]) -> Findings:
    findings = Findings()
    for name, one in found.items():
        for half, recalls in one["recall"].items():
            ours = recalls["kefu"]
            findings.gates += [
                Gate(f"{name}, {half}: recall@1", Spread.of([ours["first"]]), FIRST),
                Gate(f"{name}, {half}: recall@3", Spread.of([ours["among_three"]]), AMONG_THREE),
                Gate(
                    f"{name}, {half}: results a question",
                    Spread.of([ours["results"]]),
                    MOST_RESULTS,
                    is_least=False,
                ),
            ]
        cpu = ratios(one["seconds"]["kefu"], one["seconds"]["bare"])
        findings.gates.append(Gate(f"{name}: CPU of a search ÷ the bare index's", cpu, CPU, is_least=False))
    orders = [one["order"] for one in found.values()]
    if any(order != orders[0] for order in orders):
        findings.gates.append(
            Gate("questions answered in another order", Spread.of([1.0]), 0, is_least=False)
        )
    return findings


def lines(found: dict[str, Found], findings: Findings) -> list[str]:
    said: list[str] = []
    for name, one in found.items():
        for half, recalls in one["recall"].items():
            for who, recall in recalls.items():
                said.append(
                    f"{name:<9} {half:<13} {who:<11} recall@1 {recall['first']:.3f}, recall@3"
                    f" {recall['among_three']:.3f} of {recall['asked']} questions, {recall['results']:.1f} results each"
                )
        for who, seconds in one["seconds"].items():
            each = Spread.of([second / one["questions"] * 1e3 for second in seconds])
            said.append(f"{name:<9} {who:<11} {each} ms of CPU a question")
    return [*said, "", *findings.lines()]


def data(found: dict[str, Found], findings: Findings) -> dict[str, object]:
    figures = {
        name: {key: value for key, value in one.items() if key != "order"} for name, one in found.items()
    }
    return {
        "figures": figures,
        "gates": [gate.as_data() for gate in findings.gates],
        "verdict": findings.verdict.name.lower(),
    }
