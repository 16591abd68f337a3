from __future__ import annotations

import pytest

from kefu.config import env
from kefu.mailroom.server import MailServer, Security, mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("localhost", 25, Security.PLAIN)),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, Security.PLAIN)),
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, Security.STARTTLS)),
        (
            "smtps://kefu:p%40ss@mail.example.com",
            MailServer("mail.example.com", 465, Security.TLS, "kefu", "p@ss"),
        ),
    ],
)
def test_the_address_says_how_to_reach_the_server(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "kefu:Xh2026@mail",
        "http://kefu:Xh2026@mail",
        "smtp://",
        "smtp://kefu@mail",
        "smtp://kefu:Xh2026@mail/b",
    ],
)
def test_a_malformed_address_stops_the_start_with_a_sentence_that_repeats_no_password(url):
    with pytest.raises(env.BadSetting) as problem:
        env.read({"KEFU_SMTP": url})

    assert str(problem.value).startswith("KEFU_SMTP ")
    assert "Xh2026" not in str(problem.value)


def test_no_address_is_no_server():
    assert env.read({})["KEFU_SMTP"] is None
    assert env.read({"KEFU_SMTP": " "})["KEFU_SMTP"] is None
