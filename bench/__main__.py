"""bin/bench: our speed beside references, in the same run. Exit code 1: a gate fails; 2: the run is not valid."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from bench.chat import command as chat
from bench.gates import Verdict
from bench.idle import command as idle
from bench.machine import NotMeasurable
from bench.pages import command as pages
from bench.search import command as search
from bench.versions import command as versions

SAYS = "Measure Kefu beside references in the same run. Ends with 1 if a gate fails, with 2 if the run is not valid."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="bin/bench", description=SAYS)
    benches = parser.add_subparsers(required=True, metavar="BENCH")
    for name, says, command in (
        ("chat", "durable messages a second, and when they are heard", chat),
        ("pages", "public pages a second, beside nginx with the same bytes as a file", pages),
        ("search", "whether questions find their answers, and what searching costs", search),
        ("idle", "the memory of idle sockets, and how long it takes to wake them all", idle),
        ("versions", "two checkouts taking turns: whether a change has made it faster", versions),
    ):
        own = benches.add_parser(name, help=says, description=says)
        command.add_flags(own)
        own.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    # Whoever ends the bench ends what it has started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return int(chosen.run(chosen))
    except NotMeasurable as problem:
        print(problem, file=sys.stderr)
        return Verdict.NOT_VALID


if __name__ == "__main__":
    sys.exit(main())
