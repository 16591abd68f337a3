"""What became of the letters about a conversation: whether its customer can have heard of an answer."""

from __future__ import annotations

from typing import Any

from kefu.conversations.models import Conversation
from kefu.mailroom.models import Letter, LetterState

# In the journal, when a letter has left the house or never will.
MAIL_KINDS = frozenset({"letter.sent", "letter.left_open", "letter.refused"})
MOST_LETTERS = 3
UNDER_WAY = frozenset({LetterState.SENDING, LetterState.HANDING_OVER, LetterState.UNSURE})


def letters_of(conversation: Conversation) -> list[dict[str, Any]]:
    """The newest first: `kind`, `state` (waiting, or what became of it), `problem` of the last try, `at`.

    No address and no words: the customer's addresses stand beside it, and what letters say is kept nowhere.
    """
    letters = Letter.objects.filter(conversation_id=conversation.pk).order_by("-pk")[:MOST_LETTERS]
    return [
        {
            "kind": letter.kind,
            "state": LetterState.WAITING.value if letter.state in UNDER_WAY else letter.state,
            "problem": letter.problem,
            "at": (letter.settled_at or letter.created_at).isoformat(),
        }
        for letter in letters
    ]
