"""The contract with the platform's ledger: what it knows of a deposit by its TxID (SPEC H7).

A platform subclasses `LedgerSource` and names its class in KEFU_LEDGER. Values are frozen and closed: no text of the
platform's is ever shown. What the chain shows and what the account shows are two things, because anybody may know a TxID.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from django.conf import settings

from kefu.exchange.shapes import misfit
from kefu.exchange.turns import Busy, Turns, Unavailable

__all__ = [
    "Busy",
    "Example",
    "InAccount",
    "LedgerSource",
    "NotLoaded",
    "OnChain",
    "Question",
    "Restriction",
    "Standing",
    "Traced",
    "Unavailable",
    "examples",
    "load",
    "source",
    "stand_in",
    "trace",
]

log = logging.getLogger(__name__)

ALL_SECONDS = 4.0
# More confirmations than any network asks for.
MOST_NEEDED = 1_000_000


class WrongShape(TypeError):
    """What the ledger gave is not what the contract says; its text is the place in it, and no value."""


class NotLoaded(RuntimeError):
    """The class that KEFU_LEDGER names can't be imported or made."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """`brand` is the brand's key; `coin` and `network` are keys of the catalogue (`exchange/chains/catalogue.toml`).

    `txid` is written as its network writes it. `user_id` is the platform's own id of who asks, as its tokens say it, and None
    for everybody whom the platform has not vouched for.
    """

    brand: str
    coin: str
    network: str
    txid: str
    user_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class OnChain:
    """What anybody can read on the chain. `confirmations` is 0 while it is in no block.

    `needed` is the platform's published number for this network. `expected_in` is how long the rest usually takes, if the
    platform knows better than the catalogue does.
    """

    network: str
    confirmations: int
    needed: int
    expected_in: timedelta | None = None


class Standing(StrEnum):
    """Where a deposit stands in the account of its owner."""

    WAITING = "waiting"
    """Nothing is missing: it is credited when the confirmations are complete."""
    CREDITED = "credited"
    HELD = "held"
    """A check has to end first; `restriction` says which, such as R09."""
    MISSING_MEMO = "missing_memo"
    BELOW_MINIMUM = "below_minimum"
    WRONG_NETWORK = "wrong_network"
    """It came over a network on which the platform takes no deposits of this coin."""


class Restriction(StrEnum):
    """Why a deposit is held, from the catalogue of restrictions that customers see everywhere."""

    AML_REVIEW = "R05"
    LEGAL_FREEZE = "R07"
    VERIFICATION_MISSING = "R08"
    DEPOSIT_CHECK = "R09"
    REGION = "R11"


@dataclass(frozen=True, kw_only=True)
class InAccount:
    """What only its owner may hear. `user_id` is the owner's, as the platform's tokens say it; "" if it is nobody's yet."""

    user_id: str
    standing: Standing
    amount: Decimal | None = None
    minimum: Decimal | None = None
    credited_at: datetime | None = None
    restriction: Restriction | None = None


@dataclass(frozen=True, kw_only=True)
class Traced:
    """`account` is None where the transaction pays nobody on the platform."""

    chain: OnChain
    account: InAccount | None = None


@dataclass(frozen=True)
class Example:
    """A TxID for visitors of a demo to try, and what it shows, by language."""

    coin: str
    network: str
    txid: str
    labels: Mapping[str, str]


class LedgerSource(ABC):
    """A platform's ledger. One object answers for all brands and many threads at once."""

    def examples(self) -> Sequence[Example]:
        """What the tracer's page invites people to try; a real ledger has none."""
        return ()

    @abstractmethod
    def trace(self, question: Question) -> Traced | None:
        """What there is under this TxID; None if no network that the platform watches knows it.

        Answers for every transaction on the chain, whoever it pays, so that the answer tells a stranger nothing about the
        platform's accounts. May be asked about a network on which there is no such transaction, and then looks on the
        others of the coin: `chain.network` says where it was found. Raises Unavailable. Four seconds are waited.
        """


_stand_in: list[LedgerSource] = []
_turns = Turns()


def stand_in(source: LedgerSource) -> None:
    """Ask this one while KEFU_LEDGER names none; a room above registers it."""
    _stand_in[:] = [source]


def source() -> LedgerSource | None:
    """The platform's ledger, else the stand-in, else none: then nothing can be looked up.

    A ledger that can't be loaded is none too; `kefu check` says what is wrong with it.
    """
    if not settings.LEDGER:
        return _stand_in[0] if _stand_in else None
    return _loaded(settings.LEDGER)


@cache
def _loaded(name: str) -> LedgerSource | None:
    try:
        return load(name)
    except NotLoaded as problem:
        log.error("ledger.not_loaded error=%s", type(problem.__cause__).__name__)  # noqa: TRY400 - its text may hold what the platform keeps to itself
        return None


def load(name: str) -> LedgerSource:
    """One of the class that KEFU_LEDGER names. Raises NotLoaded, whatever goes wrong in the platform's code."""
    module, _, cls = name.partition(":")
    try:
        made = getattr(import_module(module), cls)()
    except Exception as problem:
        raise NotLoaded(f"{type(problem).__name__}: {problem}") from problem
    if not isinstance(made, LedgerSource):
        raise NotLoaded("it is no LedgerSource") from TypeError(name)
    return made


def trace(question: Question) -> Traced | None:
    """Ask the ledger, and wait no longer than four seconds for it, and two for a turn.

    Raises Busy where too many ask at once, and Unavailable for whatever else goes wrong.
    """
    ledger = source()
    if ledger is None:
        raise Unavailable
    with _turns.turn():
        answer = _ask(ledger, question)
    if isinstance(answer, Unavailable):
        raise answer
    return answer


def examples() -> Sequence[Example]:
    """Those of the ledger; none if it has none, or gives something else."""
    ledger = source()
    if ledger is None:
        return ()
    try:
        return [_checked(one, Example) for one in ledger.examples()]
    except Exception as problem:  # noqa: BLE001 - the platform's code is not ours, and its mistake no reason for a broken page
        _log(problem)
        return ()


def _ask(ledger: LedgerSource, question: Question) -> Traced | Unavailable | None:
    answers: SimpleQueue[Traced | Unavailable | None] = SimpleQueue()
    asking = Thread(target=_answer, args=(ledger, question, answers), daemon=True)
    asking.start()
    try:
        return answers.get(timeout=ALL_SECONDS)
    except Empty:
        _turns.leave_behind(asking)
        return Unavailable()


def _answer(
    ledger: LedgerSource, question: Question, answers: SimpleQueue[Traced | Unavailable | None]
) -> None:
    try:
        answers.put(_in_range(_checked(ledger.trace(question), Traced | None)))
    except Unavailable as problem:
        answers.put(problem)
    except Exception as problem:  # noqa: BLE001 - the platform's code is not ours, and its mistake no reason for a broken page
        _log(problem)
        answers.put(Unavailable())


def _log(problem: Exception) -> None:
    """By its kind: what a platform's error says may hold what it keeps to itself."""
    if isinstance(problem, WrongShape):
        log.warning("ledger.wrong_shape place=%s", problem)
    else:
        log.warning("ledger.failed error=%s", type(problem).__name__)


def _checked(answer: Any, hint: Any) -> Any:
    """Raises WrongShape: what pages are drawn from has to be what the contract says, and a platform's code may be untyped."""
    if place := misfit(answer, hint):
        raise WrongShape(place)
    return answer


def _in_range(answer: Traced | None) -> Traced | None:
    if answer is None:
        return None
    chain, account = answer.chain, answer.account
    amounts = [one for one in (account.amount, account.minimum) if one is not None] if account else []
    wrong = {
        "answer.chain.confirmations": chain.confirmations < 0,
        "answer.chain.needed": not 0 < chain.needed <= MOST_NEEDED,
        "answer.chain.expected_in": chain.expected_in is not None and chain.expected_in < timedelta(0),
        "answer.account.amount": any(one < 0 for one in amounts),
    }
    if place := next((place for place, is_wrong in wrong.items() if is_wrong), ""):
        raise WrongShape(place)
    return answer
