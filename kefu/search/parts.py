"""The parts of a document in which a term may stand, the weightiest first, and the mark that its terms carry in the index."""

from __future__ import annotations

TITLE, SYNONYMS, HEADINGS, ANYWHERE = "¹", "²", "³", ""
# No folded text holds such a mark: folding makes plain digits of them.
MARKS = (TITLE, SYNONYMS, HEADINGS, ANYWHERE)
