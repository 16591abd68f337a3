"""Letters by SMTP (RFC 5321), with TLS (RFC 3207, RFC 8314), and with care for the moment when the server takes one over."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE

from kefu.mailroom.failures import Failed, MayHaveArrived
from kefu.mailroom.models import Problem
from kefu.mailroom.server import MailServer, Security

# How long the server may think about a command, and (RFC 5321, 4.5.3.2.6) about a letter that it has got whole.
STEP_SECONDS = 60.0
TAKING_SECONDS = 600.0
LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)
GO_ON, TAKEN, NEVER = 354, 250, 5
# Taken as well: it will be forwarded, or nobody can say whether there is such a person.
TOO = (251, 252)
Reply = tuple[int, bytes]


@dataclass(frozen=True)
class Smtp:
    """One connection a letter. A certificate that can't be trusted is a failed try, never a plain-text letter."""

    server: MailServer
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    step_seconds: float = STEP_SECONDS
    taking_seconds: float = TAKING_SECONDS

    def send(self, message: EmailMessage, *, to: str, hand_over: Callable[[], None]) -> None:
        """Raises Failed, or MayHaveArrived."""
        with self._line() as line:
            self._introduce(line, message, to)
            line.send(LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", message.as_bytes(policy=ON_THE_WIRE)))
            hand_over()
            _require(self._end(line), TAKEN, Problem.CONTENT)
            # It has the letter, whatever becomes of a good-bye.
            with suppress(smtplib.SMTPException, OSError):
                line.putcmd("quit")

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for a letter. What breaks before the hand-over has lost nothing."""
        line: smtplib.SMTP | None = None
        try:
            line = self._connect()
            self._sign_in(line)
            yield line
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as problem:
            raise Failed(Problem.UNSAFE_LINE) from problem
        except smtplib.SMTPAuthenticationError as problem:
            raise Failed(Problem.SIGN_IN) from problem
        except (smtplib.SMTPException, OSError) as problem:
            raise Failed(Problem.NO_ANSWER) from problem
        finally:
            if line is not None:
                line.close()

    def _connect(self) -> smtplib.SMTP:
        server, seconds = self.server, self.step_seconds
        if server.security is Security.TLS:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=self.trust)
        return smtplib.SMTP(server.host, server.port, timeout=seconds)

    def _sign_in(self, line: smtplib.SMTP) -> None:
        if self.server.security is Security.STARTTLS:
            line.starttls(context=self.trust)
        line.ehlo_or_helo_if_needed()
        if self.server.user:
            line.login(self.server.user, self.server.password)

    def _introduce(self, line: smtplib.SMTP, message: EmailMessage, to: str) -> None:
        sender = message["From"].addresses[0].addr_spec
        # A sender that is refused is our own mistake, so its letters wait until it is mended.
        _require(line.mail(sender), TAKEN, Problem.SENDER, may_refuse=False)
        _require(line.rcpt(to), TAKEN, Problem.RECIPIENT)
        _require(line.docmd("data"), GO_ON, Problem.CONTENT)

    def _end(self, line: smtplib.SMTP) -> Reply:
        try:
            assert line.sock is not None  # noqa: S101 - it is connected
            line.sock.settimeout(self.taking_seconds)
            line.send(b".\r\n")
            return line.getreply()
        except (smtplib.SMTPException, OSError) as problem:
            raise MayHaveArrived from problem


def _require(reply: Reply, wanted: int, problem: Problem, *, may_refuse: bool = True) -> None:
    """Four hundred and something means later, five hundred and something never (RFC 5321, 4.2.1)."""
    code = reply[0]
    if code == wanted or (code in TOO and wanted == TAKEN):
        return
    is_never = code // 100 == NEVER
    raise Failed(problem if is_never else Problem.BUSY, for_good=is_never and may_refuse)
