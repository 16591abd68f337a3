"""Where tokens are looked up: each database's own full-text index, with the same tokens and the same answers."""

from __future__ import annotations

from django.db import connection

from kefu.search.words.contract import MOST_LOOKS, Scope, Standing, Term, ThingId, WordIndex, scope_mark
from kefu.search.words.fts5 import Fts5
from kefu.search.words.tsvector import Tsvector

__all__ = ["MOST_LOOKS", "Scope", "Standing", "Term", "ThingId", "WordIndex", "scope_mark", "word_index"]


def word_index() -> WordIndex:
    """The index of the database that this thread is connected to."""
    return Tsvector() if connection.vendor == "postgresql" else Fts5()
