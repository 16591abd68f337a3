"""python -m tests.mutants [PART…]: which small mistakes the tests of a part would not notice."""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.explained import is_explained
from tests.mutants.finding import Mutant, mutants_of
from tests.mutants.parts import PARTS, Part
from tests.mutants.trial import NOT_NOTICED, ROOT, Workshop

NAMED = {part.name: part for part in PARTS}


def main() -> int:
    chosen = arguments().parse_args()
    if len(chosen.parts) != 1:
        # Each part reads a copy of the product of its own into memory.
        commands = [[sys.executable, "-m", "tests.mutants", name] for name in chosen.parts or NAMED]
        return max(subprocess.run(command, check=False).returncode for command in commands)
    part = NAMED[chosen.parts[0]]
    server = os.environ.get("DATABASE_URL", "")
    os.environ["DATABASE_URL"] = chosen.on
    among = chosen.among.read_text(encoding="utf-8") if chosen.among else None
    left = survivors(part, chosen.only, among)
    if part.is_also_on_postgresql and left and not chosen.on:
        return again_on(server, part, left)
    unexplained = [name for name in left if not is_explained(name)]
    if unexplained:
        print(
            f"{len(unexplained)} of them are not explained in docs/developers/mutation.md:",
            *unexplained,
            sep="\n  ",
        )
    return 1 if unexplained else 0


def again_on(server: str, part: Part, left: Sequence[str]) -> int:
    """What no test noticed on SQLite, with the tests on PostgreSQL, in a process that reads its settings anew."""
    if not server:
        print("DATABASE_URL names no PostgreSQL, on which these should be tried again.")
        return 1
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as names:
        names.writelines(f"  {name}\n" for name in left)
        names.flush()
        command = [sys.executable, "-m", "tests.mutants", part.name, "--on", server, "--among", names.name]
        return subprocess.run(command, check=False).returncode


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", type=a_part, help=", ".join(NAMED))
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="mutants that have these words in their name"
    )
    parser.add_argument("--among", type=Path, metavar="FILE", help="mutants that this output of a run names")
    parser.add_argument(
        "--on", default="", metavar="URL", help="on this PostgreSQL, which must let us make databases"
    )
    return parser


def a_part(name: str) -> str:
    if name not in NAMED:
        raise argparse.ArgumentTypeError(f"no part is called {name}")
    return name


def survivors(part: Part, only: str, among: str | None) -> Sequence[str]:
    """Names of the mutants that no test of the part notices; prints them as they are found, and then the figures."""
    workshop = Workshop(part)
    found = [
        (path, mutant)
        for path in part.modules
        for mutant in mutants(part, path)
        if only in mutant.name and (among is None or f"  {mutant.name}\n" in among)
    ]
    left = []
    began = time.monotonic()
    try:
        for path in dict.fromkeys(path for path, _ in found):
            workshop.prove(path, ast.unparse(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
        for path, mutant in found:
            if workshop.try_out(path, mutant.source) == NOT_NOTICED:
                print(f"{path}:{mutant.line}  {mutant.name}", flush=True)
                left.append(mutant.name)
    finally:
        workshop.close()
    minutes = (time.monotonic() - began) / 60
    print(
        f"{part.name}: {len(found)} mutants, {len(found) - len(left)} noticed, {len(left)} left, {minutes:.0f} minutes"
    )
    return left


def mutants(part: Part, path: str) -> list[Mutant]:
    source = (ROOT / path).read_text(encoding="utf-8")
    return mutants_of(
        source, module=Path(path).stem, siblings=part.siblings, are_patterns=path == part.patterns
    )


if __name__ == "__main__":
    sys.exit(main())
