from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

import pytest
from django.conf import settings as house
from django.core.management import get_commands
from pytest_django import Settings

import kefu.__main__ as front
from kefu.config import env
from kefu.config.commands import check, of_rooms, soundness
from kefu.config.running import preflight, stamp
from kefu.config.running.choices import CHECKOUT
from kefu.config.running.refusal import Refusal
from kefu.journal.rings.sockets import folder_for


def verb(*words: str) -> front.Verb:
    return next(one for one in front.VERBS if one.words == words)


def test_every_command_of_a_room_is_a_verb_but_those_that_publish_for_developers() -> None:
    verbs = {"_".join(one.words).replace("-", "_") for one in front.VERBS if one.module == front.OF_ROOMS}
    commands = {name for name, room in get_commands().items() if str(room).startswith("kefu.")}

    assert {name for name in commands if not name.startswith("publish_")} == verbs


@pytest.mark.parametrize("page", ["running.en.md", "running.zh.md"])
def test_the_page_about_running_names_every_verb(page: str) -> None:
    text = (CHECKOUT / "docs/operators" / page).read_text()

    assert [one.words for one in front.VERBS if f"bin/kefu {' '.join(one.words)}" not in text] == []


def test_a_rooms_command_gets_the_words_after_its_verb() -> None:
    chosen = front._understood(["agent", "add", "mei@example.com", "--data", "/srv/data", "--name", "Mei"])

    assert chosen.verb == verb("agent", "add")
    assert chosen.data == "/srv/data"
    assert chosen.rest == ["mei@example.com", "--name", "Mei"]


def test_a_word_that_serve_does_not_know_is_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        front._understood(["serve", "--prot", "8000"])

    assert "serve does not know --prot" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_rooms_refusal_is_one_sentence() -> None:
    with pytest.raises(Refusal, match="nobody"):
        of_rooms.run(Namespace(verb=verb("signin"), rest=["nobody@example.com"]))


@pytest.mark.parametrize(
    ("words", "rest", "says"),
    [
        (("agent", "add"), ["mei@example.com", "--name", "Mei", "--role", "boss"], "invalid choice: 'boss'"),
        (("signin",), [], "required: who"),
    ],
)
def test_words_that_a_rooms_command_does_not_understand_end_with_its_usage_and_code_2(
    words: tuple[str, ...], rest: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        of_rooms.run(Namespace(verb=verb(*words), rest=rest))

    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.startswith(f"usage: kefu {' '.join(words)} ")
    assert says in said.splitlines()[-1]


@pytest.mark.django_db
def test_a_sound_installation_has_nothing_to_attend_to(capsys: pytest.CaptureFixture[str]) -> None:
    code = check.run(Namespace())

    said = capsys.readouterr().out
    assert "BAD" not in said
    assert code == 0
    assert said.endswith("Kefu is sound.\n")


@pytest.mark.django_db
def test_cookies_that_travel_in_clear_are_found_where_others_come(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ALONE_HERE = False

    assert check.run(Namespace()) == 1
    assert {"BAD  security.W012", "BAD  security.W016"} <= {
        line.partition(":")[0] for line in capsys.readouterr().out.splitlines()
    }


@pytest.mark.django_db
def test_keys_that_others_can_read_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    key = house.DATA_DIR / "keys" / "left_open"
    key.touch(mode=0o644)
    try:
        assert soundness.keys().problem.startswith("others can read left_open; run chmod")
        assert check.run(Namespace()) == 1
    finally:
        key.unlink()


@pytest.mark.slow
@pytest.mark.django_db
def test_processes_that_do_not_hear_each_other_are_found(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.RINGS = tmp_path, "socket"
    assert str(soundness.rings()) == "ok   rings (socket)"

    folder = folder_for(tmp_path)
    folder.rmdir()
    folder.touch()
    try:
        assert str(soundness.rings()).startswith("BAD  rings (socket): Processes do not hear each other")
    finally:
        folder.unlink()


@pytest.mark.django_db
def test_a_database_that_lost_migrations_is_not_the_prepared_one(tmp_path: Path) -> None:
    taken = preflight.migrations_taken()
    stamp.write(tmp_path, stamp.Stamp(fingerprint="any", migrations=taken))
    preflight.look(tmp_path)
    stamp.write(tmp_path, stamp.Stamp(fingerprint="any", migrations=taken + 1))

    with pytest.raises(preflight.NotPrepared):
        preflight.look(tmp_path)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "http://127.0.0.1"])
def test_a_redis_that_cannot_be_used_is_refused(url: str, settings: Settings) -> None:
    settings.REDIS_URL = url

    with pytest.raises(Refusal, match="REDIS_URL"):
        preflight.require_redis()


@pytest.mark.parametrize("page", ["settings.en.md", "settings.zh.md"])
def test_the_page_of_settings_names_every_setting_and_no_other(page: str) -> None:
    named = set(
        re.findall(r"^\| `(KEFU_\w+)` \|", (CHECKOUT / "docs/operators" / page).read_text(), re.MULTILINE)
    )

    assert named == set(env.SETTINGS)
