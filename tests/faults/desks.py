"""An agent's window: the conversations that are open in it, and beside them the list of the team."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import quote

from tests.faults.clients import Client
from tests.faults.reading import Frame, Reading

VIEWS = ("open", "resolved")


class Desk(Client):
    """`rows` are the newest that were told of, by ref; `cursor` is the journal id up to which they were."""

    def __init__(
        self,
        port: int,
        cookie: str,
        readings: Sequence[Reading],
        chance: random.Random,
        *,
        may_see: set[str],
        agent: int,
        team: int,
        colleagues: Sequence[int],
    ) -> None:
        super().__init__(port, cookie, readings, chance, may_see=may_see)
        self.agent = agent
        self.team = team
        self.colleagues = colleagues
        self.list_topic = f"desk/{team}"
        self.cursor = -1
        self.rows: dict[str, Frame] = {}
        self.is_behind = True

    @property
    def topics(self) -> dict[str, int]:
        return {self.list_topic: self.cursor} | super().topics

    @property
    def is_done(self) -> bool:
        return super().is_done and not self.is_behind

    async def load(self) -> None:
        """The list as a page has it: at the beginning, and when too much was missed to be told."""
        cursors = [await self._load_view(view) for view in VIEWS]
        if None not in cursors:
            self.cursor = max(self.cursor, min(cursor for cursor in cursors if cursor is not None))
            self.is_behind = False

    async def _load_view(self, view: str) -> int | None:
        """The journal id up to which it is complete; None when an answer was lost."""
        cursor, place = None, ""
        while place is not None:
            answer = await self.request("GET", f"/desk/data/{view}/{place and f'?after={quote(place)}'}")
            if answer is None:
                return None
            # Only the first page has it: what changes while the others are read is told of.
            cursor = answer.get("cursor", cursor)
            place = answer["next"]
            for row in answer["rows"]:
                self._take_row(row)
        return cursor

    def _dispatch(self, frame: Frame) -> None:
        super()._dispatch(frame)
        if frame.get("topic") != self.list_topic:
            return
        match frame["type"]:
            case "events":
                for event in frame["events"]:
                    self.cursor = max(self.cursor, event["seq"])
                    self._take_row(event["row"])
            case "resync":
                self.is_behind = True

    def _take_row(self, row: Frame) -> None:
        known = self.rows.get(row["ref"])
        if known is None or row["seq"] >= known["seq"]:
            self.rows[row["ref"]] = row
