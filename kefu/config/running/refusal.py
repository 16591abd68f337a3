from __future__ import annotations


class Refusal(Exception):
    """Kefu won't go on; the message is one sentence that tells the operator what to do."""


# Exit codes of our children that the supervisor understands; neither Python nor uvicorn uses them.
SAID_WHY = 71
NOT_PREPARED = 72
