from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kefu.config.catalogues import unfinished
from kefu.config.origin import Origin
from kefu.config.running import stamp
from kefu.config.running.choices import Choices

ORIGIN = Origin(host="127.0.0.1")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    house = tmp_path / "house"
    for name, text in {
        "requirements.txt": "django",
        "kefu/room.py": "code",
        "kefu/room/locale/en/LC_MESSAGES/django.po": "words",
        "kefu/room/locale/en/LC_MESSAGES/django.mo": "words",
        "kefu/room/tests/test_room.py": "test",
        "kefu/room/static/room.js": "script",
    }.items():
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return house


@pytest.fixture
def choices(tmp_path: Path, house: Path) -> Choices:
    data = tmp_path / "data"
    (data / "static").mkdir(parents=True)
    (data / "static" / "staticfiles.json").write_text("{}")
    (data / "kefu.sqlite3").touch()
    found = Choices(
        data=data, host="127.0.0.1", port=0, web=1, fills_demo=True, database_url="", origin=ORIGIN
    )
    stamp.write(data, stamp.Stamp(fingerprint=stamp.fingerprint(found, house=house), migrations=1))
    return found


def test_a_prepared_folder_is_known_again(choices: Choices, house: Path) -> None:
    assert stamp.is_prepared(choices, house=house)


def test_a_folder_without_a_stamp_or_with_a_torn_one_is_prepared_anew(choices: Choices, house: Path) -> None:
    (choices.data / stamp.NAME).write_text("{")
    assert not stamp.is_prepared(choices, house=house)
    stamp.remove(choices.data)
    assert not stamp.is_prepared(choices, house=house)


@pytest.mark.parametrize(
    "name",
    [
        "kefu/room.py",
        "kefu/room/static/room.js",
        "requirements.txt",
        "kefu/room/locale/en/LC_MESSAGES/django.po",
    ],
)
def test_a_change_of_code_words_or_static_files_is_noticed(choices: Choices, house: Path, name: str) -> None:
    (house / name).write_text("changed")

    assert not stamp.is_prepared(choices, house=house)


def test_a_catalogue_that_another_process_is_writing_is_no_change(choices: Choices, house: Path) -> None:
    unfinished(house / "kefu/room/locale/en/LC_MESSAGES/django.mo").write_bytes(b"half")

    assert stamp.is_prepared(choices, house=house)


def test_a_new_file_is_noticed(choices: Choices, house: Path) -> None:
    (house / "kefu" / "migration.py").touch()

    assert not stamp.is_prepared(choices, house=house)


def test_what_preparing_makes_and_tests_do_not_count(choices: Choices, house: Path) -> None:
    (house / "kefu/room/locale/en/LC_MESSAGES/django.mo").write_text("written again")
    (house / "kefu/room/tests/test_room.py").write_text("changed")

    assert stamp.is_prepared(choices, house=house)


@pytest.mark.parametrize("name", ["kefu.sqlite3", "static/staticfiles.json"])
def test_what_was_made_and_is_gone_is_made_again(choices: Choices, house: Path, name: str) -> None:
    (choices.data / name).unlink()

    assert not stamp.is_prepared(choices, house=house)


def test_a_missing_catalogue_is_compiled_again(choices: Choices, house: Path) -> None:
    (house / "kefu/room/locale/en/LC_MESSAGES/django.mo").unlink()

    assert not stamp.is_prepared(choices, house=house)


def test_another_database_is_prepared_on_its_own(choices: Choices, house: Path) -> None:
    assert not stamp.is_prepared(replace(choices, database_url="postgres://localhost/kefu"), house=house)
