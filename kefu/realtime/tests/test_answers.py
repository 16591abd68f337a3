"""Answers reach those who wait for them, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from kefu.realtime import writer as module
from kefu.realtime.tests.clients import told


@told
async def test_who_went_away_leaves_the_others_their_answers() -> None:
    gone, stays = (asyncio.get_running_loop().create_future() for _ in range(2))
    gone.cancel()

    module._tell([(partial(module._settle, gone), "kept a"), (partial(module._settle, stays), "kept b")])

    assert await stays == "kept b"


@told
async def test_a_mistake_in_what_follows_one_answer_leaves_the_others_theirs(caplog: Any) -> None:
    heard: list[str] = []

    def mistaken(_: str) -> None:
        raise ValueError

    module._tell([(mistaken, "kept a"), (heard.append, "kept b")])

    assert heard == ["kept b"]
    assert [record.message for record in caplog.records] == ["answer_failed"]
