"""Every sentence of every room is written in all three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kefu.config.catalogues import HOUSE, read_po
from tests.messages import Msgid, msgids_of

ROOMS = sorted(path.parent for path in HOUSE.glob("kefu/*/apps.py"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
# Characters that only one of the two scripts uses: the sign of a text that was converted or mixed up.
ONLY_SIMPLIFIED = set("们这说时间会话问题发对应开关闭变设备与语没后网络联系个为种")
ONLY_TRADITIONAL = set("們這說時間會話問題發對應開關閉變設備與語沒後網絡聯繫個為種")


def catalogue_of(room: Path, script: str) -> dict[Msgid, str]:
    po = room / "locale" / script / "LC_MESSAGES" / "django.po"
    if not po.exists():
        return {}
    found = {}
    for key, value in read_po(po.read_text(encoding="utf-8")).items():
        context, _, message = key.rpartition("\4")
        found[context, message.partition("\0")[0]] = value
    return found


def placeholders(text: str) -> set[str]:
    return {match[1] for match in PLACEHOLDER.finditer(text) if match[1]}


@pytest.mark.parametrize("script", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_all_its_sentences_in(room: Path, script: str) -> None:
    missing = msgids_of(room) - set(catalogue_of(room, script))

    assert not missing, f"kefu/{room.name} lacks in {script}: {sorted(missing)}"


@pytest.mark.parametrize("script", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_catalogue_holds_nothing_that_its_room_does_not_say_in(room: Path, script: str) -> None:
    unused = set(catalogue_of(room, script)) - msgids_of(room) - {("", "")}

    assert not unused, f"kefu/{room.name} no longer says: {sorted(unused)}"


@pytest.mark.parametrize("script", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_translation_has_the_values_of_its_sentence_in(room: Path, script: str) -> None:
    for (_, message), translated in catalogue_of(room, script).items():
        for form in translated.split("\0") if message else []:
            assert placeholders(form) <= placeholders(message) | {"count"}, message
            assert "count" in placeholders(message + form) or placeholders(form) == placeholders(message), (
                message
            )


@pytest.mark.parametrize("script", ["zh_Hans", "zh_Hant"])
def test_a_sentence_is_said_alike_in_every_room_in(script: str) -> None:
    """Django has one catalogue a language, so of two translations one would be lost; a context keeps both."""
    said: dict[Msgid, dict[str, str]] = {}
    for room in ROOMS:
        for message, translated in catalogue_of(room, script).items():
            if message != ("", ""):
                said.setdefault(message, {})[room.name] = translated

    assert {message: rooms for message, rooms in said.items() if len(set(rooms.values())) > 1} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_the_two_scripts_are_not_mixed_in(room: Path) -> None:
    for message, translated in catalogue_of(room, "zh_Hans").items():
        assert not (ONLY_TRADITIONAL - ONLY_SIMPLIFIED) & set(translated), message
    for message, translated in catalogue_of(room, "zh_Hant").items():
        assert not (ONLY_SIMPLIFIED - ONLY_TRADITIONAL) & set(translated), message


def test_the_extractor_finds_every_way_to_say_something(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        '_("one %(a)s") % {"a": 1}\nngettext("two", "twos", 2)\npgettext("verb", "three")\n'
    )
    templates = tmp_path / "templates" / "room"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        '{% translate "it\'s (four)" %}{% translate "five" context "noun" %}'
        "<a title=\"{% translate 'six' %}\">"
        "{% blocktranslate trimmed with x=1 %}\n  seven {{ x }}\n{% endblocktranslate %}"
        "{% blocktranslate count n=2 %}eight{% plural %}eights{% endblocktranslate %}"
        '{{ _("nine")|upper }}'
    )

    assert msgids_of(tmp_path) == {
        ("", "one %(a)s"), ("", "two"), ("verb", "three"), ("", "it's (four)"), ("noun", "five"), ("", "six"),
        ("", "seven %(x)s"), ("", "eight"), ("", "nine"),
    }  # fmt: skip
