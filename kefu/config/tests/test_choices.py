from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from kefu.config.running.choices import CHECKOUT, Choices, choose
from kefu.config.running.refusal import Refusal
from kefu.config.secret_key import secret_key


def chosen(flags: dict[str, object] | None = None, **environ: str) -> Choices:
    return choose(Namespace(**(flags or {})), environ)[0]


def refusal(flags: dict[str, object] | None = None, **environ: str) -> str:
    with pytest.raises(Refusal) as caught:
        chosen(flags, **environ)
    return str(caught.value)


def test_without_any_choice_kefu_listens_on_loopback_and_fills_the_demo() -> None:
    choices = chosen()

    assert (choices.host, choices.port, choices.web) == ("127.0.0.1", 8000, 1)
    assert choices.data == CHECKOUT / "data"
    assert choices.fills_demo


def test_a_flag_wins_over_the_environment_and_children_are_told() -> None:
    choices, environ = choose(Namespace(port=9000, web=3), {"KEFU_PORT": "8100"})

    assert (choices.port, choices.web) == (9000, 3)
    assert (environ["KEFU_PORT"], environ["KEFU_WEB"]) == ("9000", "3")


def test_a_relative_data_folder_is_meant_from_where_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert chosen({"data": "here"}).data == tmp_path / "here"


def test_port_zero_is_a_choice_and_not_a_missing_one() -> None:
    assert chosen({"port": 0}).port == 0


def test_off_loopback_the_demo_is_filled_only_when_asked_for() -> None:
    quiet = chosen({"host": "0.0.0.0"}, KEFU_INSECURE_HTTP="1")
    asked = chosen({"host": "0.0.0.0", "demo": True}, KEFU_INSECURE_HTTP="1")

    assert not quiet.fills_demo
    assert asked.fills_demo
    assert not chosen({"empty": True}).fills_demo


def test_behind_a_proxy_on_this_machine_the_demo_is_filled_only_when_asked_for() -> None:
    behind = {"KEFU_HOSTS": "help.example.com", "KEFU_TRUSTED_PROXIES": "127.0.0.1"}

    assert not chosen(**behind).fills_demo
    assert chosen({"demo": True}, **behind).fills_demo


def test_plain_http_on_another_interface_is_refused_without_a_proxy_or_a_word() -> None:
    assert "KEFU_TRUSTED_PROXIES" in refusal({"host": "0.0.0.0"})
    assert chosen({"host": "0.0.0.0"}, KEFU_TRUSTED_PROXIES="10.0.0.1").host == "0.0.0.0"


def test_rings_need_what_they_ring_over() -> None:
    chosen(KEFU_RINGS="redis", REDIS_URL="redis://localhost:6379/0")
    chosen(KEFU_RINGS="notify", DATABASE_URL="postgres://localhost/kefu")


def test_only_sockets_are_served_with_the_database_and_the_keys_of_the_pages(tmp_path: Path) -> None:
    flags: dict[str, object] = {"only": "sockets", "data": str(tmp_path)}
    assert "set DATABASE_URL" in refusal(flags)
    beside = {"DATABASE_URL": "postgres://localhost/kefu"}
    assert "here is no secret_key and no ring.json: copy the folder keys" in refusal(flags, **beside)
    secret_key(tmp_path)
    assert "here is no ring.json: copy" in refusal(flags, **beside)

    (tmp_path / "keys" / "ring.json").touch()

    choices = chosen(flags, **beside, KEFU_DEMO="1")
    assert choices.only_sockets
    assert not choices.fills_demo


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"KEFU_PROT": "8000"}, "KEFU_PROT is not a setting"),
        ({"KEFU_PORT": "eighty"}, "KEFU_PORT must be a whole number"),
        ({"KEFU_PORT": "70000"}, "no port 70000"),
        ({"KEFU_ONLY": "pages"}, "KEFU_ONLY must be one of sockets"),
        ({"KEFU_WEB": "0"}, "1 to 64 web processes"),
        ({"DATABASE_URL": "mysql://root@localhost/kefu"}, "must start with postgres://"),
        ({"DATABASE_URL": "postgres://kefu@localhost:port/kefu"}, "DATABASE_URL can't be read"),
        ({"DATABASE_URL": "postgres://localhost"}, "DATABASE_URL names no database"),
        ({"KEFU_HOSTS": "https://support.example.com"}, "KEFU_HOSTS must hold names"),
        ({"KEFU_RINGS": "redis"}, "KEFU_RINGS=redis needs REDIS_URL"),
        ({"KEFU_RINGS": "notify"}, "KEFU_RINGS=notify needs PostgreSQL"),
        ({"KEFU_DEMO": "1", "KEFU_EMPTY": "1"}, "Choose one of --demo and --empty"),
    ],
)
def test_a_choice_that_cannot_work_is_refused_in_one_sentence(environ: dict[str, str], words: str) -> None:
    sentence = refusal(**environ)

    assert words in sentence
    assert "\n" not in sentence
