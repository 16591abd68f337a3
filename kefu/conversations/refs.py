"""Which conversation a ref stands for: given once and for ever, so it is asked once a process."""

from __future__ import annotations

from collections.abc import Sequence

from kefu.conversations.nouns.conversation import Conversation

MOST_KNOWN = 20_000
_known: dict[str, int] = {}


def remember(ref: str, conversation_id: int) -> None:
    """Of a conversation that was read anyhow: who listens to it may speak next, and then nobody need wait for this."""
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[ref] = conversation_id


def ids_of(refs: Sequence[str]) -> list[int | None]:
    """In their order, None for a ref that nobody has; one query for all that are new here."""
    # Others may clear it meanwhile.
    ids = {ref: _known.get(ref) for ref in refs}
    new = [ref for ref, pk in ids.items() if pk is None]
    if new:
        found = dict(Conversation.objects.filter(ref__in=new).values_list("ref", "pk"))
        ids |= found
        for ref, pk in found.items():
            remember(ref, pk)
    return [ids[ref] for ref in refs]
