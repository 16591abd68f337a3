"""Servers that fall silent, drip, hang up or say no, at each step: the worker is free in time, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kefu.mailroom.failures import Failed, MayHaveArrived
from kefu.mailroom.models import Letter
from kefu.mailroom.server import MailServer, Security
from kefu.mailroom.tests.factories import a_letter, let_time_pass, run_letters
from kefu.mailroom.tests.sink import (
    BREAK_OFF,
    DRIP,
    DROP,
    DROP_AFTER_TAKING,
    SILENT,
    SILENT_AFTER_TAKING,
    Sink,
    certificate_in,
)
from kefu.mailroom.transports import smtp

pytestmark = pytest.mark.django_db(transaction=True)

# For the first talk, which is with a bad server: so short that a test can wait for them. Whoever comes after it is good, and
# has time enough on a loaded machine.
SILENCE, TALK, TAKING = 0.4, 1.0, 0.6
BRIEF = {"step_seconds": SILENCE, "talk_seconds": TALK, "taking_seconds": TAKING}
# What a loaded machine may add to a limit.
SLACK = 2.5
ON_THE_WAY = ("greeting", "ehlo", "mail", "rcpt", "data")
IN_TLS = ("starttls", "handshake")
Opens = Callable[[Security], Sink]


@pytest.fixture
def opens(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Our mail server, with brief limits for the first talk."""
    opened: list[Sink] = []
    talks = count()

    def opens(security: Security = Security.PLAIN) -> Sink:
        sink = Sink(security, folder=tmp_path).__enter__()
        opened.append(sink)
        settings.MAIL_SERVER = sink.at
        trust = {} if security is Security.PLAIN else {"trust": sink.trust}

        def way(server: MailServer) -> smtp.Smtp:
            limits = BRIEF if next(talks) == 0 else {}
            return smtp.Smtp(server, **trust, **limits)

        monkeypatch.setattr("kefu.mailroom.transports.Smtp", way)
        return sink

    yield opens
    for sink in opened:
        sink.__exit__()


def two_letters() -> tuple[Letter, Letter]:
    return a_letter(recipient="lin.xiaomei@mail.example"), a_letter(recipient="chen@other.example")


def work() -> float:
    """Seconds that the worker took for all that was due."""
    began = time.monotonic()
    run_letters()
    return time.monotonic() - began


def now_of(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.problem


def recipients(sink: Sink) -> list[str]:
    return sorted(taken.recipient for taken in sink.taken)


STEPS = [(step, Security.PLAIN) for step in ON_THE_WAY] + [(step, Security.STARTTLS) for step in IN_TLS]
STEPS.append(("handshake", Security.TLS))
MANNERS = [(SILENT, SILENCE), (DRIP, TALK), (DROP, 0.0)]
BEFORE_THE_LAST_LINE = [(*step, *manner) for step in STEPS for manner in MANNERS]
BEFORE_THE_LAST_LINE += [(step, Security.PLAIN, BREAK_OFF, 0.0) for step in ("mail", "rcpt", "data")]
# To wait for the end of each talk takes a while; in the quick gate the first step and the last stand for all.
IN_THE_QUICK_GATE = {("greeting", Security.PLAIN), ("handshake", Security.TLS)}


@pytest.mark.parametrize(
    ("step", "security", "manner", "within"),
    [
        pytest.param(*case, marks=[pytest.mark.slow] if case[3] and case[:2] not in IN_THE_QUICK_GATE else [])
        for case in BEFORE_THE_LAST_LINE
    ],
)
def test_before_the_last_line_whatever_goes_wrong_holds_nobody_up_and_the_letter_comes_once(
    opens: Opens, step: str, security: Security, manner: str, within: float
) -> None:
    sink = opens(security)
    setattr(sink.manners, step, [manner])
    first, second = two_letters()

    assert work() < within + SLACK
    assert (now_of(first), now_of(second)) == (("waiting", "no_answer"), ("sent", ""))
    let_time_pass()
    work()

    assert now_of(first) == ("sent", "")
    assert recipients(sink) == [second.recipient, first.recipient]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("manner", "within", "copies"),
    [
        (SILENT, TAKING, 1),
        (SILENT_AFTER_TAKING, TAKING, 2),
        (DRIP, TAKING, 1),
        (DROP, 0.0, 1),
        (DROP_AFTER_TAKING, 0.0, 2),
        (BREAK_OFF, 0.0, 1),
        ("good morning", 0.0, 1),
        ("354 go on", 0.0, 1),
    ],
)
def test_without_an_answer_to_the_last_line_it_is_open_and_holds_nobody_up(
    opens: Opens, manner: str, within: float, copies: int
) -> None:
    sink = opens(Security.PLAIN)
    sink.manners.end = [manner]
    first, second = two_letters()

    assert work() < within + SLACK
    assert (now_of(first), now_of(second)) == (("unsure", "line_broke"), ("sent", ""))
    let_time_pass()
    work()

    assert now_of(first) == ("sent", "")
    same = [taken.message["Message-ID"] for taken in sink.taken if taken.recipient == first.recipient]
    assert (len(same), len(set(same))) == (copies, 1)


LATER, NEVER = "451 later", "554 never"
SAID = [
    ("greeting", LATER, "waiting", "busy"),
    ("greeting", NEVER, "waiting", "sender"),
    ("ehlo", LATER, "waiting", "sender"),
    ("ehlo", NEVER, "waiting", "sender"),
    ("starttls", LATER, "waiting", "busy"),
    ("starttls", NEVER, "waiting", "sender"),
    ("mail", LATER, "waiting", "busy"),
    ("mail", NEVER, "waiting", "sender"),
    ("rcpt", LATER, "waiting", "busy"),
    ("rcpt", NEVER, "refused", "recipient"),
    ("data", LATER, "waiting", "busy"),
    ("data", NEVER, "refused", "content"),
    ("end", LATER, "waiting", "busy"),
    ("end", NEVER, "refused", "content"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("step", "said", "state", "problem"), SAID)
def test_what_says_later_is_sent_later_and_what_says_never_is_refused_where_it_speaks_of_the_letter(
    opens: Opens, step: str, said: str, state: str, problem: str
) -> None:
    sink = opens(Security.STARTTLS)
    setattr(sink.manners, step, [said])
    first, second = two_letters()

    assert work() < SLACK
    assert (now_of(first), now_of(second)) == ((state, problem), ("sent", ""))
    let_time_pass()
    work()

    again = [first.recipient] if state == "waiting" else []
    assert recipients(sink) == [second.recipient, *again]
    assert first.left_at is None, "The server itself said that it has not got it."


@pytest.mark.parametrize("said", ["250 taken", "250-taken\r\n250 indeed", "251 will forward", "200 fine"])
def test_every_yes_is_a_yes(opens: Opens, said: str) -> None:
    sink = opens(Security.PLAIN)
    sink.manners.end = [said]
    letter = a_letter()

    work()

    assert (now_of(letter), letter.unanswered) == (("sent", ""), 1)


def a_message(size: int = 0) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "support@xinghai.example", "lin.xiaomei@mail.example"
    message.set_content("Please look.\n" + ("x" * 70 + "\n") * (size // 71), cte="7bit")
    return message


def send(sink: Sink, message: EmailMessage, hand_over: Callable[[], None]) -> float:
    way = smtp.Smtp(sink.at, **BRIEF)
    began = time.monotonic()
    with pytest.raises(Failed) as failure:
        way.send(message, to="lin.xiaomei@mail.example", hand_over=hand_over)
    assert not isinstance(failure.value, MayHaveArrived)
    return time.monotonic() - began


def test_a_line_that_broke_in_the_middle_of_the_letter_is_noticed_before_its_last_line(opens: Opens) -> None:
    sink = opens(Security.PLAIN)
    sink.manners.body = [DROP]
    is_gone = sink.has_hung_up

    send(sink, a_message(), lambda: bool(is_gone.wait(5)))

    assert sink.taken == []


@pytest.mark.slow
def test_a_server_that_reads_no_further_is_left_in_time(opens: Opens) -> None:
    """Writing the letter down takes most of the time here."""
    sink = opens(Security.PLAIN)
    sink.manners.body = [SILENT]
    handed_over: list[bool] = []

    took = send(sink, a_message(size=8_000_000), lambda: handed_over.append(True))

    assert (took < 10, handed_over, sink.taken) == (True, [], [])


def test_a_certificate_for_another_house_is_no_line_that_broke(
    opens: Opens, tmp_path: Path, settings: Any
) -> None:
    sink = opens(Security.TLS)
    assert sink.context is not None
    (tmp_path / "other").mkdir()
    sink.context.load_cert_chain(certificate_in(tmp_path / "other", "evil.example"))
    letter = a_letter()

    work()

    assert now_of(letter) == ("waiting", "unsafe_line")
