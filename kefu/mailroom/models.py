"""A letter: whom it goes to and what it speaks of. Its words are made when it is sent, and kept nowhere."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.accounts.models import Customer
from kefu.brands.models import Brand
from kefu.mailroom.codes import new_code
from kefu.mailroom.querysets import LetterQuerySet
from kefu.safety.fields import EncryptedTextField


class LetterKind(models.TextChoices):
    QUESTION_KEPT = "question_kept"
    ANSWER_NOTICE = "answer_notice"
    ONE_TIME_CODE = "one_time_code"
    TRANSCRIPT = "transcript"
    STAFF_MAIL = "staff_mail"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a kind, here and below
    PASSWORD_CHANGED = "password_changed"  # noqa: S105


class LetterState(models.TextChoices):
    WAITING = "waiting"
    SENDING = "sending"
    """A worker talks to the mail server; until the last line it can't have been taken."""
    HANDING_OVER = "handing_over"
    """The last line is on its way; from here on only the server's answer tells whether it has the letter."""
    SENT = "sent"
    UNSURE = "unsure"
    """The line broke before the answer: the server may have it. It rests before it is sent once more."""
    LEFT_OPEN = "left_open"
    """The server may have it, and it is not sent again: docs/decisions/letters-handed-over.md."""
    REFUSED = "refused"
    """The server will never take it; trying again is no use."""
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    """What it would have said was over before it could be sent."""


SETTLED = (
    LetterState.SENT,
    LetterState.LEFT_OPEN,
    LetterState.REFUSED,
    LetterState.GIVEN_UP,
    LetterState.WITHDRAWN,
)


UNSENT = (LetterState.REFUSED, LetterState.GIVEN_UP, LetterState.WITHDRAWN)


class Problem(models.TextChoices):
    """Why the last try failed, as a closed word; servers' own words may name people."""

    NONE = ""
    NO_SERVER = "no_server"
    NO_ANSWER = "no_answer"
    UNSAFE_LINE = "unsafe_line"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    BUSY = "busy"
    LINE_BROKE = "line_broke"


class Letter(models.Model):
    """`key` says what it is for, so that one reason makes one letter; `code` is printed in it, to be checked by anybody."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    key = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    language = models.CharField(max_length=12)
    recipient = EncryptedTextField()
    # The words, only where another room's library wrote them; wiped when the letter is settled.
    words = EncryptedTextField(blank=True, default="")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="letters")
    conversation_id = models.BigIntegerField(null=True, db_index=True)
    # What the kind speaks of: a message, a request for a code.
    subject_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.WAITING)
    problem = models.CharField(max_length=12, choices=Problem.choices, default=Problem.NONE, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # How often it was handed over and no answer is known.
    unanswered = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Nobody tries it before: it waits for its next try, or for the answer to a hand-over.
    untouched_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    # When a server may first have got it; from then on somebody may have it in front of them, whatever came of later tries.
    left_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["settled_at"], name="letter_settled")]

    def __str__(self) -> str:
        return f"{self.kind} letter {self.pk}"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED
