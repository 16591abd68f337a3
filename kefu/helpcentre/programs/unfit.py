"""One article that can't be taken in as it was sent."""

from __future__ import annotations

from kefu.helpcentre.programs.shapes import Fault


class Unfit(ValueError):
    """`faults` say what to mend, each with its place."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
