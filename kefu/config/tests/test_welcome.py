from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest
from django.http.request import validate_host

import kefu.__main__ as front
from kefu.config.running.choices import choose
from kefu.config.running.welcome import welcome

CHOICES = choose(Namespace(), {})[0]


def test_the_last_line_says_that_kefu_is_ready() -> None:
    lines = list(welcome(CHOICES, port=8123, greeting={"guests": [], "has_agents": True}))

    assert lines[:2] == ["Customers:  http://localhost:8123/", "Agents:     http://localhost:8123/desk/"]
    assert lines[-1] == "Kefu is ready on http://localhost:8123"


def test_on_every_address_but_without_a_name_it_says_that_others_need_one() -> None:
    everywhere = {"KEFU_HOST": "0.0.0.0", "KEFU_INSECURE_HTTP": "1"}

    def has_the_line(**told: str) -> bool:
        choices = choose(Namespace(), told)[0]
        return any("KEFU_HOSTS" in line for line in welcome(choices, port=8123, greeting={}))

    assert has_the_line(**everywhere)
    assert not has_the_line(**everywhere, KEFU_HOSTS="help.example.com")
    assert not has_the_line()


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.5", "0.0.0.0"])
def test_behind_a_proxy_it_says_when_it_would_refuse_what_the_proxy_passes_on(host: str) -> None:
    """The proxy's requests name the house by the name that people typed."""
    proxied = {"KEFU_HOST": host, "KEFU_TRUSTED_PROXIES": "127.0.0.1"}

    for names in ("", "help.example.com"):
        choices = choose(Namespace(), proxied | {"KEFU_HOSTS": names})[0]
        is_told = any("KEFU_HOSTS=" in line for line in welcome(choices, port=8123, greeting={}))
        assert is_told != validate_host("help.example.com", choices.origin.answers_to)
        assert is_told == (not names)


def test_demo_agents_get_their_links() -> None:
    guests = [{"name": "Mei 梅", "role": "agent", "path": "/staff/in/abc/"}]

    lines = list(welcome(CHOICES, port=8123, greeting={"guests": guests, "has_agents": True}))

    assert "  Mei 梅 (agent): http://localhost:8123/staff/in/abc/" in lines


def test_a_demo_without_a_mail_server_says_where_its_letters_are() -> None:
    lines = list(
        welcome(CHOICES, port=8123, greeting={"guests": [], "has_agents": True, "outbox": "/demo/outbox/"})
    )

    assert "Letters:    http://localhost:8123/demo/outbox/ (the demo has no mail server)" in lines


def test_without_any_agent_the_way_to_the_first_one_is_shown() -> None:
    lines = list(welcome(CHOICES, port=8123, greeting={"guests": [], "has_agents": False}))

    assert any("bin/kefu agent add" in line for line in lines)


def test_without_any_brand_the_way_to_the_first_one_is_shown() -> None:
    lines = list(welcome(CHOICES, port=8123, greeting={"guests": [], "has_brands": False}))

    assert any("bin/kefu brand add" in line for line in lines)


def test_commands_name_a_folder_that_is_not_the_usual_one() -> None:
    elsewhere = choose(Namespace(data="/srv/my data"), {})[0]

    here = "\n".join(welcome(CHOICES, port=8123, greeting={"has_brands": False, "has_agents": False}))
    there = "\n".join(welcome(elsewhere, port=8123, greeting={"has_brands": False, "has_agents": False}))

    assert "--data" not in here
    assert there.count(" --data '/srv/my data'") == 2


def test_a_refusal_is_one_sentence_and_a_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code = front.main(["serve", "--data", str(tmp_path / "file" / "data"), "--port", "0"])

    said = capsys.readouterr()
    assert code == 1
    assert said.err.count("\n") == 1
    assert "choose another folder with --data" in said.err


def test_a_verb_that_does_not_exist_is_not_understood() -> None:
    with pytest.raises(SystemExit) as left:
        front.main(["dance"])

    assert left.value.code == 2


def test_the_demo_says_where_its_exchange_is() -> None:
    lines = list(welcome(CHOICES, port=8123, greeting={"exchange": "http://127.0.0.1:8124"}))

    assert "Exchange:   http://127.0.0.1:8124/ (the demo's own website, with the chat inside)" in lines
    assert not [line for line in welcome(CHOICES, port=8123, greeting={}) if "Exchange" in line]
