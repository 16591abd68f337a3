"""The flags of each verb."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Callable

Adding = Callable[[ArgumentParser], None]


def none(parser: ArgumentParser) -> None:
    """The verb has no flags of its own."""


def data(parser: ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="folder that holds the database, keys and files")


def serve(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port to listen on (8000); 0 takes a free one")
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--web", type=int, metavar="N", help="number of web processes (1)")
    parser.add_argument(
        "--demo", action="store_true", help="fill the demo exchange on the first start, wherever Kefu listens"
    )
    parser.add_argument("--empty", action="store_true", help="start without the demo exchange")


def signin(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the agent's e-mail address or name")


def agent_add(parser: ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--name", required=True, help="the name that customers see")
    parser.add_argument("--role", default="agent", help="agent, lead, supervisor, admin or auditor (agent)")
    parser.add_argument(
        "--team",
        action="append",
        default=[],
        metavar="KEY",
        help="a team's key; give it again for more teams",
    )


def reindex(parser: ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="KIND", help="kinds of things, such as article; all when none is named"
    )


def rest(parser: ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…")
