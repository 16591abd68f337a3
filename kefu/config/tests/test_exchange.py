"""Where the demo exchange's website listens: beside Kefu, and only where nobody else reaches it."""

from __future__ import annotations

import socket
from argparse import Namespace

import pytest

from kefu.config.running.choices import Choices, choose
from kefu.config.running.listening import listen, listen_beside
from kefu.config.running.serve import exchange_beside


def chosen(**environ: str) -> Choices:
    return choose(Namespace(), environ)[0]


@pytest.mark.parametrize(
    ("environ", "is_there"),
    [
        ({}, True),
        ({"KEFU_EMPTY": "1"}, False),
        ({"KEFU_DEMO": "1", "KEFU_HOST": "0.0.0.0", "KEFU_INSECURE_HTTP": "1"}, False),
        ({"KEFU_DEMO": "1", "KEFU_HOSTS": "demo.example.com"}, False),
        ({"KEFU_DEMO": "1", "KEFU_TRUSTED_PROXIES": "127.0.0.1"}, False),
    ],
)
def test_a_website_without_passwords_is_there_only_for_this_machine(
    environ: dict[str, str], is_there: bool
) -> None:
    with listen("127.0.0.1", 0) as main, exchange_beside(chosen(**environ), main) as website:
        assert (website is not None) is is_there
        assert website is None or website.getsockname()[0] == "127.0.0.1"


def test_it_takes_another_port_when_the_next_one_is_taken() -> None:
    with (
        listen("127.0.0.1", 0) as main,
        listen_beside(main, "127.0.0.1") as first,
        listen_beside(main, "127.0.0.1") as second,
    ):
        ports = {one.getsockname()[1] for one in (main, first, second)}

    assert len(ports) == 3


def test_after_the_last_port_there_is_another() -> None:
    class Last(socket.socket):
        def getsockname(self) -> tuple[str, int]:
            return ("127.0.0.1", 65535)

    with Last() as main, listen_beside(main, "127.0.0.1") as website:
        assert website.getsockname()[1] > 0
