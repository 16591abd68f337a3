"""What a person is called on the settings page where they can be erased, as somebody types it again to confirm."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext

from kefu.accounts.models import Customer
from kefu.conversations.models import Conversation

# A shorter one is typed by chance.
SHORTEST_NAME = 2
# Of a ref the desk shows the last group but the check character: "Visitor 3G7N".
OF_REF = slice(-6, -2)


def called(person: Customer, latest: Conversation | None) -> str:
    """Their name, else what the desk calls a visitor with this latest conversation, else a word with their own number."""
    if len(_plain(person.name)) >= SHORTEST_NAME:
        return str(person.name)
    number = latest.ref[OF_REF] if latest else str(person.pk)
    return f"{gettext('Visitor')} {number}"


def is_the_same(typed: str, name: str) -> bool:
    """Case, spaces, width and what nobody can see make no difference."""
    return _plain(typed) == _plain(name)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        letter for letter in folded if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )
