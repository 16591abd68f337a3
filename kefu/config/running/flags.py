"""The flags of each verb."""

from __future__ import annotations

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
