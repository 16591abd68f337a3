"""Which facts of the journal change pages that everybody sees."""

from __future__ import annotations

from kefu.journal.models import Entry

# What customers, agents and letters do is on nobody's public page. All else may be, new kinds of facts included: to
# forget a page too often costs a drawing, to forget it too seldom shows what is no longer true.
ON_NO_PAGE = ("customer.", "agent.", "letter.")
# An editor saves every few seconds; readers see nothing of a text before it is published.
ONLY_FOR_EDITORS = {
    "article.saved",
    "article.sent_to_review",
    "article.sent_back",
    "article.scheduled",
    "article.schedule_failed",
    "article.owner_reminded",
    "article.named_outside",
}
# These may change which brand a host belongs to.
MOVES_HOSTS = "brand."


def is_on_pages(entry: Entry) -> bool:
    if entry.conversation_id is not None or entry.kind in ONLY_FOR_EDITORS:
        return False
    return not entry.kind.startswith(ON_NO_PAGE)


def moves_hosts(entry: Entry) -> bool:
    return entry.kind.startswith(MOVES_HOSTS)
