from __future__ import annotations


class Refusal(Exception):
    """Kefu won't go on; the message is one sentence that tells the operator what to do."""


# Exit codes of our children that the supervisor understands. They differ from Python's own 0, 1 and 2.
SAID_WHY = 3
NOT_PREPARED = 5
