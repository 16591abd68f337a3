"""`bin/bench idle`: its choices, the run, and its exit code."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

import uvloop

from bench import machine
from bench.chat.phases import tell
from bench.chat.setting import LIMIT, Place, own_folder, setting
from bench.gates import Findings, Gate
from bench.idle.waking import MOST_ROUNDS, BareRouser, Idle, KefuRouser, Rouser, measure
from bench.load.crowd import Crowd
from bench.measuring import Spread, ratios
from bench.product import Kefu
from bench.servers import Server

KEFU = Kefu.name
OTHERS = 1_000
KIB, KIB_AIM, WAKING, ECHO = 40, 30, 3, 0.3


def add_flags(parser: ArgumentParser) -> None:
    parser.add_argument("--idle", type=int, default=5_000, help="sockets whose memory is measured")
    parser.add_argument("--sockets", type=int, default=10_000, help="sockets that are woken")
    parser.add_argument("--rounds", type=int, choices=range(1, MOST_ROUNDS + 1), default=5)
    parser.add_argument("--folder", type=Path, help="where to store; it is kept, for a look afterwards")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")


def run(chosen: Namespace) -> int:
    """One server after the other, for all sockets of both would be too many files. Raises NotMeasurable.

    The limit is measured before the product and behind it, for a shared machine may be half as fast a minute later.
    """
    cores, findings = machine.cores(), Findings()
    allowed = machine.allow_descriptors(chosen.sockets + OTHERS) - OTHERS
    sockets = min(chosen.sockets, allowed)
    if sockets < chosen.sockets:
        findings.remarks.append(f"only {sockets} sockets, for this system allows no more open files")
    measured: list[tuple[str, Idle]] = []
    tell("starting the servers")
    with own_folder(chosen.folder) as folder, setting(Place(folder), cores, frozenset({LIMIT})) as servers:
        assert servers.limit is not None  # noqa: S101 - it was asked for
        with machine.on_core(cores.load):
            bare, product = BareRouser(servers.limit), KefuRouser(servers.kefu)
            in_turn: list[tuple[Server, Rouser]] = [
                (servers.limit, bare),
                (servers.kefu, product),
                (servers.limit, bare),
            ]
            for server, rouser in in_turn:
                tell(f"connecting to {server.name}")
                waking = measure(
                    Crowd(server),
                    rouser,
                    idle=min(chosen.idle, sockets),
                    sockets=sockets,
                    rounds=chosen.rounds,
                )
                measured.append((server.name, uvloop.run(waking)))
    (_, before), (_, ours), (_, behind) = measured
    found = {LIMIT: before.and_again(behind), KEFU: ours}
    weigh(found, findings)
    if chosen.json:
        print(json.dumps(data(found, findings), indent=1))
    else:
        print("\n".join(lines(found, findings)))
    return int(findings.verdict)


def weigh(found: dict[str, Idle], findings: Findings) -> None:
    ours, limit = found[KEFU], found[LIMIT]
    findings.gates += [
        Gate("KiB an idle socket", Spread.of([ours.kib]), KIB, KIB_AIM, is_least=False),
        Gate("seconds to wake all ÷ limit's", ratios(ours.rounds, limit.rounds), WAKING, is_least=False),
        Gate("slowest echo meanwhile ÷ round", ratios(ours.echoes, ours.rounds), ECHO, is_least=False),
    ]
    if ours.missed:
        findings.gates.append(
            Gate("sockets of Kefu that were not woken", Spread.of([float(ours.missed)]), 0, is_least=False)
        )
    if limit.missed:
        findings.invalid.append(f"the limit left {limit.missed} sockets asleep")


def lines(found: dict[str, Idle], findings: Findings) -> list[str]:
    said = [
        f"{name:<8} {one.kib:6.1f} KiB an idle socket, all woken in {Spread.of(one.rounds)} s,"
        f" slowest echo meanwhile {Spread.of(one.echoes)} s"
        for name, one in found.items()
    ]
    return [*said, "", *findings.lines()]


def data(found: dict[str, Idle], findings: Findings) -> dict[str, object]:
    return {
        "figures": {name: asdict(one) for name, one in found.items()},
        "gates": [gate.as_data() for gate in findings.gates],
        "remarks": findings.remarks,
        "invalid": findings.invalid,
        "verdict": findings.verdict.name.lower(),
    }
