"""What becomes of files that nobody said, and of bytes whose row is gone; the table in safety says when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from kefu.conversations import filestore
from kefu.conversations.nouns.attachment import Attachment, LooseBytes
from kefu.safety.retention import CHUNK, remove_in_chunks


def forget_files_not_said(before: datetime) -> int:
    """Files that were begun before this moment and belong to no message; their bytes follow."""
    return remove_in_chunks(Attachment.objects.not_said().filter(created_at__lt=before))


def forget_loose_bytes(before: datetime) -> int:
    """Bytes that were seen without a row before this moment; what is seen so now waits. How many files of bytes went."""
    found = filestore.all_keys()
    while keys := list(islice(found, CHUNK)):
        LooseBytes.objects.bulk_create(
            [LooseBytes(key=key) for key in _without_row(keys)], ignore_conflicts=True
        )
    forgotten = 0
    while chunk := list(LooseBytes.objects.filter(seen_at__lt=before).values_list("key", flat=True)[:CHUNK]):
        for key in _without_row(chunk):
            filestore.forget(key)
            forgotten += 1
        LooseBytes.objects.filter(key__in=chunk).delete()
    return forgotten


def _without_row(keys: Iterable[str]) -> list[str]:
    there = set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))
    return [key for key in keys if key not in there]
