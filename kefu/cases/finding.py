"""Finding case files by their facts: a TxID, an address, a memo, a coin, a network, in whatever spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from kefu.cases.models import CaseField, CaseFile, sought_hash
from kefu.exchange.chains.catalogue import catalogue

MOST_WORDS = 6


def files_with(words: str) -> QuerySet[CaseFile]:
    """Those that have each of the words as a fact. Not scoped to anybody: only to be asked within what somebody may see."""
    found = CaseFile.objects.all()
    parts = words.split()[:MOST_WORDS]
    for part in parts:
        found = found.filter(pk__in=_having(_meant(part)))
    return found if parts else found.none()


def files_with_memo(words: str) -> QuerySet[CaseFile]:
    """Those with these words as one fact, blanks and all."""
    return CaseFile.objects.filter(pk__in=_having([words]))


def _having(values: Iterable[str]) -> QuerySet[CaseField, int]:
    hashes = [sought_hash(value) for value in values]
    return CaseField.objects.filter(sought_hash__in=hashes).values_list("file_id", flat=True)


def _meant(word: str) -> list[str]:
    """The word, and the networks that are called so."""
    low = word.lower()
    return [
        word,
        *(
            one.key
            for one in catalogue().networks.values()
            if low in re.findall(r"[\w-]+", one.name.lower()) and low != one.key
        ),
    ]
