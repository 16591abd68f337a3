"""The bytes of an erased person's files go with them: what they sent, what we show small, and what was still on its way."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from kefu.accounts.actions import erase_customer
from kefu.conversations import filestore
from kefu.conversations.tests.factories import make_conversation, make_house, viewer_of
from kefu.conversations.tests.uploads import send, send_and_check
from kefu.journal.actor import SYSTEM
from kefu.safety.tests.files import PDF, picture

pytestmark = pytest.mark.django_db(transaction=True)


def files_on_the_disk() -> set[str]:
    """By their names, in both places that they lie in."""
    return {
        path.name
        for place in (Path(settings.STORAGES["files"]["OPTIONS"]["location"]), Path(settings.INCOMING_FILES))
        for path in place.rglob("*")
        if path.is_file()
    }


def test_of_an_erased_person_no_file_is_left_small_or_large_or_on_its_way() -> None:
    house = make_house()
    theirs, others = make_conversation(house), make_conversation(house)
    shown = send_and_check(theirs, viewer_of(theirs), picture(), name="shot.png")
    paper = send_and_check(theirs, viewer_of(theirs), PDF, name="paper.pdf")
    waiting = send(theirs, viewer_of(theirs), picture(), name="late.png")
    kept = send_and_check(others, viewer_of(others), picture(), name="other.png")
    others_files = {kept.key, kept.key + filestore.SMALL}
    assert files_on_the_disk() >= others_files | {
        shown.key,
        shown.key + filestore.SMALL,
        paper.key,
        waiting.key,
    }

    erase_customer(customer=theirs.customer, by=SYSTEM)

    gone = {shown.key, shown.key + filestore.SMALL, paper.key, waiting.key}
    assert files_on_the_disk() & (gone | others_files) == others_files
