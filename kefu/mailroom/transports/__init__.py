"""How a letter leaves the house: the contract, and which way is in use."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

from django.conf import settings

from kefu.mailroom.transports.smtp import Smtp


class Transport(Protocol):
    def send(self, message: EmailMessage, *, to: str, hand_over: Callable[[], None]) -> None:
        """Give the message to the next server; returns when that has it. `to` is the bare address.

        Calls `hand_over` right before the server could have it. Raises Failed when it surely has not got it, and
        MayHaveArrived when nobody can tell.
        """


_stand_in: list[Transport] = []


def stand_in(transport: Transport) -> None:
    """Take letters this way while no mail server is configured; a room above registers it."""
    _stand_in[:] = [transport]


def transport() -> Transport | None:
    """The mail server, else the stand-in, else none: then no letter leaves the house."""
    if settings.MAIL_SERVER is not None:
        return Smtp(settings.MAIL_SERVER)
    return _stand_in[0] if _stand_in else None
