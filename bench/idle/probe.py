"""A socket of another process that says ping again and again, and prints how long each answer took.

A process of its own, because the load is busy with thousands of frames just when it matters.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from bench.load.frames import PING, hello

APART = 0.002


def main() -> None:
    parser = ArgumentParser(description="Print when each ping was sent and how long its answer took.")
    parser.add_argument("--url", required=True)
    parser.add_argument("--origin", required=True)
    parser.add_argument(
        "--topic", default="", help="of the customer who pings; nobody says hello without one"
    )
    parser.add_argument("--token", default="")
    chosen = parser.parse_args()
    with (
        connect(chosen.url, origin=Origin(chosen.origin), ping_interval=None) as socket,
        suppress(ConnectionClosed),
    ):
        for frame in hello([chosen.topic], chosen.token):
            socket.send(frame, text=True)
        while True:
            sent = time.perf_counter()
            socket.send(PING, text=True)
            while json.loads(socket.recv())["type"] != "pong":
                pass
            sys.stdout.write(f"{sent} {time.perf_counter() - sent}\n")
            sys.stdout.flush()
            time.sleep(APART)


if __name__ == "__main__":
    main()
