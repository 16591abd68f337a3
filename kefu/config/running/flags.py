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
        "--only", choices=["sockets"], help="serve nothing but the sockets of chat and desk; needs PostgreSQL"
    )
    parser.add_argument(
        "--demo", action="store_true", help="fill the demo exchange on the first start, wherever Kefu listens"
    )
    parser.add_argument("--empty", action="store_true", help="start without the demo exchange")


def brand(parser: ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="what commands call it, for instance acme")
    parser.add_argument("--name", required=True, help="as customers see it")
    parser.add_argument(
        "--prefix", required=True, metavar="XX", help="what its refs begin with: 2 to 4 letters"
    )
    parser.add_argument("--domain", help="the only official address, which pages tell customers to compare")
    # Not `host`, which is where Kefu listens.
    parser.add_argument(
        "--host",
        dest="hosts",
        action="append",
        default=[],
        help="where its pages are, if there are several brands; may be repeated",
    )
    parser.add_argument("--mail", help="its first official mail address, from which letters come")
    parser.add_argument("--zone", default="Asia/Shanghai", help="its hours are kept in (Asia/Shanghai)")
