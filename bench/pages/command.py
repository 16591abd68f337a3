"""`bin/bench pages`: its choices, the run, and its exit code."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench import machine
from bench.chat.phases import tell
from bench.chat.setting import own_folder
from bench.gates import Findings, Gate
from bench.measuring import Spread, ratios
from bench.pages.asking import Page, requests_per_second
from bench.pages.nginx import Nginx, require_tools
from bench.product import Kefu

ARTICLE = "/zh-hans/articles/deposit-not-here/"
HIT, HIT_AIM, STILL, DRAWN = 0.25, 0.33, 0.30, 60
# Whoever has chosen a zone gets a page of their own, drawn by Django each time: the very same page, uncached.
PAST_THE_CACHE = "kefu_zone=Asia/Shanghai"


@dataclass(frozen=True)
class Asked:
    """What is asked in a round, by name."""

    file: Page
    kept: Page
    file_still: Page
    kept_still: Page
    drawn: Page

    def items(self) -> Iterator[tuple[str, Page]]:
        return ((name, getattr(self, name)) for name in self.__dataclass_fields__)


def add_flags(parser: ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="for each figure of a round")
    parser.add_argument("--page", default=ARTICLE, help="the path of the page that is asked for")
    parser.add_argument("--folder", type=Path, help="where to store; it is kept, for a look afterwards")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")


def run(chosen: Namespace) -> int:
    """Both servers on one core, by turns; the load on another. Raises NotMeasurable."""
    require_tools()
    cores, findings = machine.cores(), Findings()
    if cores.server == cores.load:
        findings.remarks.append("one core for the servers and the load alike")
    if (load := machine.load_average()) > 3:  # noqa: PLR2004 - the house's measure of a busy machine
        findings.remarks.append(f"others used the machine: load average {load:.1f}")
    with own_folder(chosen.folder) as folder, ExitStack() as ending:
        tell("starting the servers")
        kefu = Kefu(folder / "kefu", cores.server)
        ending.callback(kefu.stop)
        kefu.start()
        kept = Page(f"{kefu.door.origin}{chosen.page}", {"Accept-Encoding": "br"})
        _, head, body = kept.fetch()
        nginx = Nginx(folder / "nginx", cores.server, {"page.html": body})
        ending.callback(nginx.stop)
        file = Page(nginx.start().address("page.html"))
        asked = Asked(
            file=file,
            kept=kept,
            file_still=file.with_headers(if_none_match=file.fetch()[1]["etag"]),
            kept_still=kept.with_headers(if_none_match=head["etag"]),
            drawn=kept.with_headers(cookie=PAST_THE_CACHE),
        )
        require_the_same(asked, body)
        kefu.settle()
        rates = measure(asked, rounds=chosen.rounds, seconds=chosen.seconds, core=cores.load)
        weigh(rates, findings)
        findings.remarks += [f"the page has {len(body):,} bytes in brotli", *_of_cache(kefu)]
    _print(rates, findings, as_json=chosen.json)
    return int(findings.verdict)


def require_the_same(asked: Asked, body: bytes) -> None:
    """Each is what its name says, or nothing is measured. Raises NotMeasurable."""
    found = {name: page.fetch() for name, page in asked.items()}
    is_right = (
        found["file"][2] == found["kept"][2] == body
        and found["file_still"][0] == found["kept_still"][0] == 304  # noqa: PLR2004 - it still holds
        and found["drawn"][0] == 200  # noqa: PLR2004 - a page
        and "private" in found["drawn"][1]["cache-control"]
    )
    if not is_right:
        raise machine.NotMeasurable("The page is not the same in all the ways in which it is asked for.")


def measure(asked: Asked, *, rounds: int, seconds: int, core: int) -> Mapping[str, list[float]]:
    """Requests a second, by what was asked, a figure a round."""
    rates: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for name, page in asked.items():
            # The first after a pause pays for what went cold meanwhile; a kept page may have ended to hold.
            page.fetch()
            rates[name].append(requests_per_second(page, core=core, seconds=seconds))
    return rates


def weigh(rates: Mapping[str, list[float]], findings: Findings) -> None:
    findings.gates += [
        Gate("kept page ÷ nginx with the same bytes", ratios(rates["kept"], rates["file"]), HIT, HIT_AIM),
        Gate("still holds (304) ÷ nginx's", ratios(rates["kept_still"], rates["file_still"]), STILL),
        Gate("kept page ÷ the same page drawn anew", ratios(rates["kept"], rates["drawn"]), DRAWN),
    ]


def _of_cache(kefu: Kefu) -> list[str]:
    with urlopen(f"{kefu.door.origin}/metrics", timeout=10) as answer:  # noqa: S310 - our own address
        lines = answer.read().decode().splitlines()
    return [line for line in lines if line.startswith("kefu_page_cache")]


def _print(rates: Mapping[str, list[float]], findings: Findings, *, as_json: bool) -> None:
    if as_json:
        figures = {
            "requests_per_second": rates,
            "gates": [gate.as_data() for gate in findings.gates],
            "remarks": findings.remarks,
            "verdict": findings.verdict.name.lower(),
        }
        sys.stdout.write(f"{json.dumps(figures, indent=1)}\n")
        return
    lines = [f"{name:<12} {Spread.of(values)} requests/s" for name, values in rates.items()]
    sys.stdout.write("\n".join([*lines, "", *findings.lines(), ""]))
