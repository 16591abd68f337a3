"""What the tracer can answer, by name, and in a few words for whoever reads the case later."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext


class Told(StrEnum):
    """For whom an answer is meant stands in tracing.py. The first seven say nothing of any deposit."""

    NOT_CONNECTED = "not_connected"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    """The ledger answers, but too many ask it at this moment."""
    INTERNAL = "internal"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    OTHER_NETWORK = "other_network"
    SEEN = "seen"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    """Complete on the chain. What became of it then, only its owner hears."""
    NOT_YOURS = "not_yours"
    """Complete on the chain, and among the deposits of whoever asks there is none of this kind."""
    COMPLETE = "complete"
    """Its owner's, complete and not credited yet."""
    CREDITED = "credited"
    HELD = "held"
    MISSING_MEMO = "missing_memo"
    BELOW_MINIMUM = "below_minimum"
    WRONG_NETWORK = "wrong_network"


# Whether what was typed is a TxID at all, nobody but the customer can say here: a private key looks the same.
UNPROVEN = frozenset({Told.NOT_CONNECTED, Told.UNAVAILABLE, Told.BUSY, Told.UNREADABLE, Told.UNKNOWN})
# There is nothing that anybody could do but wait, so the case is offered last.
WAITING = frozenset({Told.SEEN, Told.CONFIRMING, Told.CREDITED})


def standing_words(name: str) -> str:
    """For agents, and for the customer among their cases; the name itself if it is of another version."""
    return {
        Told.NOT_CONNECTED.value: gettext("not looked up"),
        Told.UNAVAILABLE.value: gettext("could not be looked up"),
        Told.BUSY.value: gettext("could not be looked up"),
        Told.INTERNAL.value: gettext("number of an internal transfer"),
        Told.UNREADABLE.value: gettext("not written like a TxID"),
        Told.UNKNOWN.value: gettext("not found on the chain"),
        Told.OTHER_NETWORK.value: gettext("found on another network"),
        Told.SEEN.value: gettext("sent, in no block yet"),
        Told.CONFIRMING.value: gettext("waiting for confirmations"),
        Told.CONFIRMED.value: gettext("complete on the chain"),
        Told.NOT_YOURS.value: gettext("complete on the chain, not among this customer's deposits"),
        Told.COMPLETE.value: gettext("complete, not credited yet"),
        Told.CREDITED.value: gettext("credited"),
        Told.HELD.value: gettext("held for a check"),
        Told.MISSING_MEMO.value: gettext("memo or tag missing"),
        Told.BELOW_MINIMUM.value: gettext("below the minimum"),
        Told.WRONG_NETWORK.value: gettext("on a network without deposits"),
    }.get(name, name)
