"""What the worker does for conversations: it looks at files, and gives back what an agent can answer no more."""

from __future__ import annotations

from datetime import timedelta

from kefu.accounts.models import Agent
from kefu.background.tasks import Queue, TryLater, task
from kefu.conversations.verbs.checking import look_at_file
from kefu.conversations.verbs.releasing import release_lost
from kefu.safety.files.scanning import ScannerDown

AGAIN_AFTER = timedelta(seconds=30)
# A scanner may be down for days; a file waits for it as long as anybody waits for the file.
TRIES = 100_000


@task(tries=TRIES, queue=Queue.FILES)
def check_file(attachment_id: int) -> None:
    try:
        look_at_file(attachment_id=attachment_id)
    except ScannerDown:
        raise TryLater(AGAIN_AFTER) from None


@task()
def release_conversations(agent_id: int) -> None:
    release_lost(agent=Agent.objects.get(pk=agent_id))
