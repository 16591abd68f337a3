"""One try of a letter, from taking it in hand to writing down what became of it.

The row tells at every moment what is known. While a letter is only being sent, the server can't have it: whoever comes later
may take it in hand at once, because the first one notices before its last line. Once it was handed over, only the server's
answer tells, and nobody touches it until that can't come any more. What becomes of it if the answer never came:
docs/decisions/letters-handed-over.md.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.mailroom.addresses import sender_of
from kefu.mailroom.envelope import message_of
from kefu.mailroom.events import LetterLeftOpen, LetterRefused, LetterSent
from kefu.mailroom.failures import Failed, MayHaveArrived
from kefu.mailroom.kinds import write
from kefu.mailroom.models import Letter, LetterKind, LetterState, Problem
from kefu.mailroom.transports import transport
from kefu.mailroom.transports.smtp import TAKING_SECONDS

log = logging.getLogger("kefu.mailroom")

MINUTE = timedelta(minutes=1)
# After each failed try; together about three days, as mail servers do it (RFC 5321, 4.5.4.1).
WAITS = tuple(MINUTE * minutes for minutes in (1, 2, 5, 15, 60, 180, 360, 720, 1440, 1440))
# As long as the server may think about a whole letter, and a little for our own clock.
TAKEN_WITHIN = timedelta(seconds=TAKING_SECONDS) + MINUTE
# After a broken hand-over the letter gets this long to reach its mailbox and be read before it is sent once more.
UNSURE_FOR = 60 * MINUTE
# Whom these are for would not know that something is missing. All others somebody waits for, and can ask for again.
SENT_ONCE_MORE = frozenset({LetterKind.ANSWER_NOTICE, LetterKind.PASSWORD_CHANGED, LetterKind.STAFF_MAIL})


class NotYet(RuntimeError):
    """The letter is not settled; its next try is after this long."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after


class TakenOver(RuntimeError):
    """Somebody else has the letter in hand now."""


def try_to_send(letter_id: int) -> None:
    """Send the letter unless it is settled. Raises NotYet."""
    letter = _take_in_hand(letter_id)
    if letter is None:
        return
    try:
        _try_once(letter)
    except TakenOver:
        return


@transaction.atomic
def _take_in_hand(letter_id: int) -> Letter | None:
    letter: Letter | None = (
        Letter.objects.locked().select_related("brand", "customer").filter(pk=letter_id).first()
    )
    if letter is None or letter.is_settled:
        return None
    at = now()
    if letter.untouched_until and letter.untouched_until > at:
        raise NotYet(letter.untouched_until - at)
    letter.tries, letter.untouched_until = letter.tries + 1, None
    if letter.state != LetterState.HANDING_OVER:
        letter.state = LetterState.SENDING
    letter.save(update_fields=["state", "tries", "untouched_until"])
    return letter


def _try_once(letter: Letter) -> None:
    if letter.state == LetterState.HANDING_OVER:
        # Whoever handed it over died before the answer.
        _leave_open(letter, letter.unanswered)
        return
    try:
        _send(letter)
    except MayHaveArrived:
        _leave_open(letter, letter.unanswered + 1)
    except Failed as failure:
        _put_back(letter, failure)


def _send(letter: Letter) -> None:
    way, sender = transport(), sender_of(letter.brand)
    if way is None or sender is None:
        raise Failed(Problem.NO_SERVER)
    words = write(letter)
    if words is None:
        _settle(letter, LetterState.WITHDRAWN)
        return
    message = message_of(letter, words, sender=sender)
    way.send(message, to=letter.recipient, hand_over=lambda: _hand_over(letter))
    _settle(letter, LetterState.SENT)


def _hand_over(letter: Letter) -> None:
    at = now()
    _note(
        letter,
        state=LetterState.HANDING_OVER,
        untouched_until=at + TAKEN_WITHIN,
        left_at=letter.left_at or at,
        unanswered=letter.unanswered + 1,
    )


def _leave_open(letter: Letter, unanswered: int) -> None:
    """Nobody can tell whether the server has it: a second copy leaves only where a loss is worse, and never a third."""
    if letter.kind in SENT_ONCE_MORE and unanswered <= 1:
        _wait(letter, LetterState.UNSURE, Problem.LINE_BROKE, UNSURE_FOR)
    _settle(letter, LetterState.LEFT_OPEN, Problem.LINE_BROKE)


def _put_back(letter: Letter, failure: Failed) -> None:
    # The server itself says that it has not got this one; an earlier one it may have.
    earlier: dict[str, Any] = {"left_at": letter.left_at, "unanswered": letter.unanswered}
    if not failure.for_good and letter.tries <= len(WAITS):
        _wait(letter, LetterState.WAITING, failure.problem, WAITS[letter.tries - 1], **earlier)
    end = LetterState.REFUSED if failure.for_good else LetterState.GIVEN_UP
    _settle(letter, LetterState.LEFT_OPEN if letter.unanswered else end, failure.problem, **earlier)


def _wait(letter: Letter, state: LetterState, problem: Problem, after: timedelta, **more: Any) -> None:
    _note(letter, state=state, problem=problem, untouched_until=now() + after, **more)
    raise NotYet(after)


@transaction.atomic
def _settle(letter: Letter, state: LetterState, problem: Problem = Problem.NONE, **more: Any) -> None:
    _note(letter, state=state, problem=problem, settled_at=now(), untouched_until=None, words="", **more)
    envelope: dict[str, Any] = {
        "actor": SYSTEM,
        "brand_id": letter.brand_id,
        "conversation_id": letter.conversation_id,
        "subject_id": letter.pk,
        "letter_kind": LetterKind(letter.kind),
    }
    if state is LetterState.SENT:
        record(LetterSent(**envelope))
    elif state is LetterState.LEFT_OPEN:
        log.warning("letter_left_open", extra={"letter": letter.pk, "kind": letter.kind})
        record(LetterLeftOpen(**envelope))
    elif state is not LetterState.WITHDRAWN:
        record(LetterRefused(**envelope, problem=problem))


def _note(letter: Letter, **values: datetime | str | int | None) -> None:
    """Write down what is known, as long as this try is the latest. Raises TakenOver."""
    if not Letter.objects.filter(pk=letter.pk, tries=letter.tries).update(**values):
        raise TakenOver
