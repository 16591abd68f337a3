"""Which conversation a ref stands for: given once and for ever, so it is asked once a process."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kefu.conversations.nouns.conversation import Conversation

MOST_KNOWN = 20_000
_known: dict[str, int] = {}
# The other way round.
_refs: dict[int, str] = {}


def remember(ref: str, conversation_id: int) -> None:
    """Of a conversation that was read anyhow: who listens to it may speak next, and then nobody need wait for this."""
    if len(_known) >= MOST_KNOWN:
        forget_all()
    _known[ref] = conversation_id
    _refs[conversation_id] = ref


def forget_all() -> None:
    _known.clear()
    _refs.clear()


def refs_of(conversation_ids: Collection[int]) -> dict[int, str]:
    """Of those that are there; one query for all that are new here. These are not remembered: most are nobody's here."""
    found = {pk: ref for pk in conversation_ids if (ref := _refs.get(pk)) is not None}
    if new := [pk for pk in conversation_ids if pk not in found]:
        found |= Conversation.objects.filter(pk__in=new).values_list("pk", "ref")
    return found


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
