"""The worker process: tasks, schedule, listeners. On the way up it mints the links that serve prints."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django

from kefu.config.running import tied


def main() -> int:
    parser = tied.arguments("The worker process of Kefu; the supervisor starts it.")
    parser.add_argument(
        "--greet", type=int, default=None, help="descriptor that takes the first sign-in links"
    )
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    django.setup()
    if chosen.greet is not None:
        _greet(chosen.greet)
    # It needs the rooms' models, which are there only now.
    import_module("kefu.config.running.work").work()
    return 0


def _greet(descriptor: int) -> None:
    links = import_module("kefu.config.running.guests").greeting()
    try:
        os.write(descriptor, json.dumps(links).encode() + b"\n")
        os.close(descriptor)
    except OSError:
        # The supervisor took the greeting of an earlier worker and closed its end.
        return


if __name__ == "__main__":
    sys.exit(main())
