"""What each kind of letter says; asked when the letter is about to leave, it may find that nothing is left to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kefu.mailroom.kinds import about_conversations, one_time_code, staff_doors, staff_mail, transcript
from kefu.mailroom.models import Letter, LetterKind
from kefu.mailroom.words import Words

Write = Callable[[Letter], Words | None]

KINDS: Mapping[str, Write] = {
    LetterKind.QUESTION_KEPT: about_conversations.question_kept,
    LetterKind.ANSWER_NOTICE: about_conversations.answer_notice,
    LetterKind.ONE_TIME_CODE: one_time_code.write,
    LetterKind.TRANSCRIPT: transcript.write,
    LetterKind.INVITATION: staff_doors.invitation,
    LetterKind.PASSWORD_RESET: staff_doors.password_reset,
    LetterKind.PASSWORD_CHANGED: staff_doors.password_changed,
    LetterKind.STAFF_MAIL: staff_mail.write,
}


def write(letter: Letter) -> Words | None:
    """The words in the letter's language, secrets minted on the spot; None when its reason is gone."""
    return KINDS[letter.kind](letter)
