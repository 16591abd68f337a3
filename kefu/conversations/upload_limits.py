"""How many files, and how many pieces of them, one person and one network may send, by whatever door they come."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.accounts.viewers import CustomerViewer
from kefu.safety.limits import Limit, take
from kefu.safety.networks import network_of

# Many customers may share one address, a mobile network's for example.
BEGUN_BY_ONE = Limit("files.begun", 60, timedelta(minutes=10))
BEGUN_IN_NETWORK = Limit("files.begun.network", 300, timedelta(minutes=10))
# A piece has at most a megabyte, and ours half of one.
PIECES_OF_ONE = Limit("files.pieces", 3_000, timedelta(days=1))
PIECES_IN_NETWORK = Limit("files.pieces.network", 20_000, timedelta(days=1))


def count_begun(*, by: Agent | CustomerViewer, address: str) -> None:
    """Raises TooMany."""
    _count(by, address, BEGUN_BY_ONE, BEGUN_IN_NETWORK)


def count_pieces(pieces: int = 1, *, by: Agent | CustomerViewer, address: str) -> None:
    """Raises TooMany."""
    # In one transaction, so that a hundred pieces wait for the disk once.
    with transaction.atomic():
        for _ in range(pieces):
            _count(by, address, PIECES_OF_ONE, PIECES_IN_NETWORK)


def _count(by: Agent | CustomerViewer, address: str, by_one: Limit, in_network: Limit) -> None:
    """An office of agents is one network, and known to us."""
    take(by_one, str(by.actor))
    if not isinstance(by, Agent):
        take(in_network, network_of(address))
