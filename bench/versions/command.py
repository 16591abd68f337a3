"""Two checkouts of the product take short turns on the same core: whether a change has made it faster.

Ratios to other servers differ from run to run by more than most changes bring; two versions feel the same neighbours.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import uvloop

from bench import machine
from bench.chat.command import DESCRIPTORS
from bench.chat.phases import tell
from bench.chat.setting import own_folder
from bench.gates import Verdict
from bench.load.crowd import Crowd
from bench.load.record import Figures, figures_of
from bench.machine import NotMeasurable
from bench.measuring import Spread, ratios
from bench.product import Kefu

IN_FLIGHT, WARM_UP = 64, 0.25
FIRST_WARM_UP = 2.0
COMPARED: dict[str, Callable[[Figures], float]] = {
    "CPU a message": lambda one: one.server_us,
    "acknowledged a second": lambda one: one.acked_per_second,
    "ack p50": lambda one: one.ack_p50_ms,
    "delivery p50": lambda one: one.delivery_p50_ms,
}


def add_flags(parser: ArgumentParser) -> None:
    parser.add_argument("other", type=Path, help="a checkout of the version before; it needs no environment")
    parser.add_argument("--turns", type=int, default=60, help="of each of the two")
    parser.add_argument("--seconds", type=float, default=0.8, help="of each turn")
    parser.add_argument("--customers", type=int, default=2_500, help="of each")
    parser.add_argument("--folder", type=Path, help="where to store; it is kept, for a look afterwards")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")


def run(chosen: Namespace) -> int:
    """Raises NotMeasurable."""
    if not (chosen.other / "kefu/__main__.py").is_file():
        raise NotMeasurable(f"{chosen.other} is no checkout of Kefu.")
    cores = machine.cores()
    machine.allow_descriptors(DESCRIPTORS)
    tell("starting both")
    with own_folder(chosen.folder) as folder, ExitStack() as ending:
        there, here = Kefu(folder / "there", cores.server), Kefu(folder / "here", cores.server)
        there.product.folder = chosen.other.resolve()
        for kefu in (there, here):
            ending.callback(kefu.stop)
            kefu.start()
        with machine.on_core(cores.load):
            before, now = uvloop.run(_take_turns(Crowd(there), Crowd(here), chosen))
    found = {
        name: ratios([figure(one) for one in now], [figure(one) for one in before])
        for name, figure in COMPARED.items()
    }
    problems = [name for one in (*before, *now) for name in one.problems]
    if chosen.json:
        print(json.dumps({"ratios": {name: vars(one) for name, one in found.items()}, "problems": problems}))
    else:
        print("\n".join([*_lines(found), *sorted(set(problems))]))
    return int(Verdict.NOT_VALID if problems else Verdict.GOOD)


async def _take_turns(there: Crowd, here: Crowd, chosen: Namespace) -> tuple[list[Figures], list[Figures]]:
    tell("preparing customers")
    figures: dict[Crowd, list[Figures]] = {there: [], here: []}
    for crowd in figures:
        await crowd.invite(chosen.customers)
        await crowd.watch_conversations()
        await crowd.talk(in_flight=IN_FLIGHT, warm_up=WARM_UP, seconds=min(FIRST_WARM_UP, chosen.seconds))
    tell("measuring")
    for turn in range(chosen.turns):
        # Who goes first may have the colder caches.
        for crowd in (there, here) if turn % 2 else (here, there):
            record = await crowd.talk(in_flight=IN_FLIGHT, warm_up=WARM_UP, seconds=chosen.seconds)
            figures[crowd].append(figures_of([record]))
    return figures[there], figures[here]


def _lines(found: dict[str, Spread]) -> list[str]:
    return ["this version ÷ the other", *(f"{name:<22} {one}" for name, one in found.items())]
