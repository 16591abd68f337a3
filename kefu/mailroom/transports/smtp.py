"""Letters by SMTP (RFC 5321), with TLS (RFC 3207, RFC 8314), and with care for the moment when the server takes one over."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE

from kefu.mailroom.failures import Failed, MayHaveArrived
from kefu.mailroom.models import Problem
from kefu.mailroom.server import MailServer, Security
from kefu.mailroom.transports.line import Line

# How long the server may be silent, how long everything may take until the last line, and (RFC 5321, 4.5.3.2.6) how long it
# may think about a letter that it has got whole. Other letters wait behind this one meanwhile.
STEP_SECONDS = 60.0
TALK_SECONDS = 180.0
TAKING_SECONDS = 600.0
LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)
# The first digit says what a client is to do (RFC 5321, 4.3.2).
YES, GO_ON, LATER, NEVER = 2, 3, 4, 5
# What it says before it knows of a letter speaks of us, so that the letter waits.
UNTIL_SIGNED_IN = {LATER: Problem.BUSY, NEVER: Problem.SENDER}
Reply = tuple[int, bytes]


@dataclass(frozen=True)
class Smtp:
    """One connection a letter. A certificate that can't be trusted is a failed try, never a plain-text letter."""

    server: MailServer
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    step_seconds: float = STEP_SECONDS
    talk_seconds: float = TALK_SECONDS
    taking_seconds: float = TAKING_SECONDS

    def send(self, message: EmailMessage, *, to: str, hand_over: Callable[[], None]) -> None:
        """Raises Failed, or MayHaveArrived."""
        with self._line() as line:
            self._introduce(line, message, to)
            line.send(LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", message.as_bytes(policy=ON_THE_WIRE)))
            hand_over()
            _require(self._end(line), YES, Problem.CONTENT)
            # It has the letter, whatever becomes of a good-bye.
            with suppress(smtplib.SMTPException, OSError):
                line.putcmd("quit")

    @contextmanager
    def _line(self) -> Iterator[Line]:
        """A connection that is ready for a letter. What breaks before the hand-over has lost nothing."""
        try:
            with closing(self._connect()) as line:
                self._sign_in(line)
                yield line
        # TLS says it in its own way when the other side is gone: no word against its certificate.
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as problem:
            raise Failed(Problem.NO_ANSWER) from problem
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as problem:
            raise Failed(Problem.UNSAFE_LINE) from problem
        except smtplib.SMTPAuthenticationError as problem:
            raise Failed(Problem.SIGN_IN) from problem
        except smtplib.SMTPResponseException as problem:
            raise Failed(UNTIL_SIGNED_IN.get(problem.smtp_code // 100, Problem.NO_ANSWER)) from problem
        except (smtplib.SMTPException, OSError) as problem:
            raise Failed(Problem.NO_ANSWER) from problem

    def _connect(self) -> Line:
        return Line(self.server, trust=self.trust, step_seconds=self.step_seconds, ends_in=self.talk_seconds)

    def _sign_in(self, line: Line) -> None:
        if self.server.security is Security.STARTTLS:
            line.starttls(context=self.trust)
        line.ehlo_or_helo_if_needed()
        if self.server.user:
            line.login(self.server.user, self.server.password)

    def _introduce(self, line: Line, message: EmailMessage, to: str) -> None:
        sender = message["From"].addresses[0].addr_spec
        # A sender that is refused is our own mistake, so its letters wait until it is mended.
        _require(line.mail(sender), YES, Problem.SENDER, may_refuse=False)
        _require(line.rcpt(to), YES, Problem.RECIPIENT)
        _require(line.docmd("data"), GO_ON, Problem.CONTENT)

    def _end(self, line: Line) -> Reply:
        """The last line, and what the server says to it. Raises MayHaveArrived when nobody can tell."""
        line.wait_for_answer(self.taking_seconds)
        if not line.is_quiet():
            raise smtplib.SMTPServerDisconnected
        # What can't be written has not left us, so that it breaking here is still no loss and no doubt.
        line.send(b".\r\n")
        try:
            reply = line.getreply()
        except (smtplib.SMTPException, OSError) as problem:
            raise MayHaveArrived from problem
        if reply[0] // 100 not in {YES, LATER, NEVER}:
            raise MayHaveArrived
        return reply


def _require(reply: Reply, wanted: int, problem: Problem, *, may_refuse: bool = True) -> None:
    """Four hundred and something means later, five hundred and something never (RFC 5321, 4.2.1)."""
    kind = reply[0] // 100
    if kind == wanted:
        return
    is_never = kind == NEVER
    raise Failed(problem if is_never else Problem.BUSY, for_good=is_never and may_refuse)
