"""A mail server that takes letters, or behaves as badly as real ones do: slow, refusing, dropping the line at any point."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kefu.mailroom.server import MailServer, Security

DROP, DROP_AFTER_TAKING = "drop", "drop after taking"
SILENT, SILENT_AFTER_TAKING = "silent", "silent after taking"
DRIP = "drip"
BREAK_OFF = "break off"
DRIPS_EVERY = 0.05


@dataclass
class Taken:
    """A letter as the server got it."""

    sender: str
    recipient: str
    raw: bytes
    secure: bool

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def part(self, subtype: str) -> str:
        found = self.message.get_body((subtype,))
        assert found is not None
        return str(found.get_content())


@dataclass
class Manners:
    """What it says to each step, once for each entry, then the usual.

    DROP breaks the line there, SILENT never answers, DRIP answers for ever, a byte at a time, BREAK_OFF begins to say yes.
    """

    greeting: list[str] = field(default_factory=list)
    ehlo: list[str] = field(default_factory=list)
    starttls: list[str] = field(default_factory=list)
    handshake: list[str] = field(default_factory=list)
    """Where TLS begins."""
    auth: list[str] = field(default_factory=list)
    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    """In the middle of the letter, before its last line: DROP breaks the line, SILENT reads no further."""
    end: list[str] = field(default_factory=list)
    """After the last line: DROP forgets the letter, DROP_AFTER_TAKING keeps it, and neither says so; SILENT likewise."""
    thinks_for: float = 0.0


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, security: Security = Security.PLAIN, *, folder: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        # Small, so that whoever is not read from notices.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.security = security
        self.manners = Manners()
        self.taken: list[Taken] = []
        self.secrets: list[str] = []
        self.heard: list[str] = []
        """The commands, of all connections; a full stop is a letter's last line."""
        self.pause = threading.Event()
        self.has_hung_up = threading.Event()
        self.certificate: Path | None = None
        self.context: ssl.SSLContext | None = None
        if security is not Security.PLAIN:
            assert folder is not None
            self.certificate = certificate_in(folder)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(self.certificate)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Sink:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.pause.set()
        self.shutdown()
        self.server_close()
        self.thread.join(5)

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no news."""

    @property
    def at(self) -> MailServer:
        return MailServer("localhost", self.server_address[1], self.security)

    @property
    def trust(self) -> ssl.SSLContext:
        assert self.certificate is not None
        return ssl.create_default_context(cafile=str(self.certificate))


class _Dropped(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.secure = False
        with contextlib.suppress(_Dropped, OSError):
            if self.server.security is Security.TLS:
                self._turn_to_tls()
            self._say(self._manner("greeting", "220 sink ESMTP"))
            while self._step():
                pass

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()
        self.server.has_hung_up.set()

    def _step(self) -> bool:
        line = self.rfile.readline().decode("latin-1")
        if not line:
            return False
        word, _, rest = line.strip().partition(" ")
        self.server.heard.append(word.upper())
        match word.upper():
            case "EHLO":
                self._say(self._manner("ehlo", "250-sink\r\n250-8BITMIME\r\n" + self._offers()))
            case "HELO":
                self._say("502 EHLO")
            case "STARTTLS":
                self._start_tls()
            case "AUTH":
                self.server.secrets.append(rest)
                self._say(self._manner("auth", "235 welcome"))
            case "MAIL":
                self.sender = _bare(rest)
                self._say(self._manner("mail", "250 ok"))
            case "RCPT":
                self.recipient = _bare(rest)
                self._say(self._manner("rcpt", "250 ok"))
            case "DATA":
                self._take()
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 ok")
        return True

    def _offers(self) -> str:
        if self.server.security is Security.STARTTLS and not self.secure:
            return "250-AUTH PLAIN\r\n250 STARTTLS"
        return "250 AUTH PLAIN"

    def _take(self) -> None:
        answer = self._manner("data", "354 go on")
        self._say(answer)
        if not answer.startswith("354"):
            return
        if self.server.manners.body:
            self.rfile.readline()
            self._manner("body", "")
        raw = bytearray()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Dropped
            raw += line[1:] if line.startswith(b".") else line
        self.server.heard.append(".")
        self.server.pause.wait(self.server.manners.thinks_for)
        is_taken = (self.server.manners.end or ["250"])[0].startswith(
            ("2", DROP_AFTER_TAKING, SILENT_AFTER_TAKING)
        )
        if is_taken:
            self.server.taken.append(Taken(self.sender, self.recipient, bytes(raw), self.secure))
        self._say(self._manner("end", "250 taken"))

    def _manner(self, step: str, usual: str) -> str:
        answers: list[str] = getattr(self.server.manners, step)
        answer = answers.pop(0) if answers else usual
        if answer in {DROP, DROP_AFTER_TAKING}:
            raise _Dropped
        if answer in {SILENT, SILENT_AFTER_TAKING}:
            self.server.pause.wait()
            raise _Dropped
        if answer == DRIP:
            self._drip(step)
        if answer == BREAK_OFF:
            self.request.sendall(b"250" if step == "end" else b"25")
            raise _Dropped
        return answer

    def _drip(self, step: str) -> None:
        """No line of it is the last: it says that another follows, or it is the head of a long record of TLS."""
        said = (
            b"\x16\x03\x03\x40\x00\x02" + b"\x00" * 200 if step == "handshake" else b"250-still here\r\n" * 30
        )
        for byte in said:
            self.request.sendall(bytes([byte]))
            if self.server.pause.wait(DRIPS_EVERY):
                break
        raise _Dropped

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _start_tls(self) -> None:
        answer = self._manner("starttls", "220 go")
        self._say(answer)
        if answer.startswith("220"):
            self._turn_to_tls()

    def _turn_to_tls(self) -> None:
        assert self.server.context is not None
        self._manner("handshake", "")
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.secure = True


def _bare(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


def certificate_in(folder: Path, host: str = "localhost") -> Path:
    """Key and certificate of a server that only who has this file trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    at = datetime.now(UTC)
    builder = builder.not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    signed = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    path = folder / "mail.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    return path


def nobody_listens() -> MailServer:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return MailServer("localhost", probe.getsockname()[1], Security.PLAIN)
