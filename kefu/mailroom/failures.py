"""Why a letter did not leave the house."""

from __future__ import annotations

from kefu.mailroom.models import Problem


class Failed(RuntimeError):
    """A try that failed. Unless it is `for_good`, the letter is tried again."""

    def __init__(self, problem: Problem, *, for_good: bool = False) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.for_good = for_good


class MayHaveArrived(Failed):
    """The line broke after the last line was sent and before the server answered."""

    def __init__(self) -> None:
        super().__init__(Problem.LINE_BROKE)
