"""How long to wait before a child that died is started again."""

from __future__ import annotations

# A child that has lived this long counts as healthy; its next death is a first one.
HEALTHY_AFTER = 30.0
LONGEST = 30.0


class Pauses:
    """None the first time, then 1, 2, 4 … 30 seconds: a broken child must not eat the machine."""

    def __init__(self) -> None:
        self.deaths = 0

    def after_a_life_of(self, seconds: float) -> float:
        self.deaths = 1 if seconds >= HEALTHY_AFTER else self.deaths + 1
        return 0.0 if self.deaths == 1 else min(2.0 ** (self.deaths - 2), LONGEST)
