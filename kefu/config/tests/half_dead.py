"""A web process whose one vital task dies a moment after the start; it leaves a line in a file for each life."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn

from kefu.config.router import Router
from kefu.config.running import tied
from kefu.config.running.vital import Vital

vital = Vital()


async def nothing(*_: Any) -> list[str]:
    return []


async def die_soon() -> None:
    await asyncio.sleep(0.2)
    raise RuntimeError("the tail is gone")


def main() -> int:
    parser = tied.arguments("A web process for tests.")
    parser.add_argument("--diary", type=Path, required=True)
    chosen = parser.parse_args()
    tied.tie_to_supervisor(chosen.lifeline)

    async def start() -> None:
        with chosen.diary.open("a") as diary:
            diary.write(f"{os.getpid()}\n")
        vital.start("tail", die_soon())

    application = Router(
        pages=nothing,
        static=lambda _: None,
        socket=nothing,
        frames=nothing,
        metrics=nothing,
        problems=nothing,
        start=start,
        stop=vital.stop,
    )
    uvicorn.Server(uvicorn.Config(application, port=0, log_config=None)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
