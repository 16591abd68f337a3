"""A child for the supervisor's tests: it does one thing and leaves a line in a file for each life."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from kefu.config.running import tied


def main() -> int:
    parser = tied.arguments("A child for tests.")
    parser.add_argument("--does", choices=["live", "die", "ignore", "finish"], required=True)
    parser.add_argument("--diary", type=Path, required=True)
    parser.add_argument("--code", type=int, default=0)
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    if chosen.does == "ignore":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if chosen.does == "finish":
        # As a server and a worker do.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with chosen.diary.open("a") as diary:
        diary.write(f"{os.getpid()}\n")
    if chosen.does == "die":
        return int(chosen.code)
    try:
        while True:
            time.sleep(60)
    finally:
        if chosen.does == "finish":
            time.sleep(0.5)
            with chosen.diary.open("a") as diary:
                diary.write("finished\n")


if __name__ == "__main__":
    sys.exit(main())
