"""The one task of the mailroom; it talks to the mail server, so it runs in the network's thread."""

from __future__ import annotations

from kefu.background.tasks import Queue, TryLater, task
from kefu.mailroom.sending import WAITS, NotYet, try_to_send


# The letter counts its own tries; the task comes again as often as it is asked to.
@task(tries=10 * len(WAITS), queue=Queue.NETWORK)
def send_letter(letter_id: int) -> None:
    try:
        try_to_send(letter_id)
    except NotYet as wait:
        raise TryLater(wait.after) from None
