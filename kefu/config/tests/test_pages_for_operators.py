"""What the pages tell operators to type exists: each command with its flags, and each setting."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import kefu.__main__ as front
from kefu.accounts.settings import registry
from kefu.background.meters import METERS, Count
from kefu.config import env
from kefu.config.commands import of_rooms
from kefu.config.kept.pages import HITS
from kefu.config.running.choices import CHECKOUT
from kefu.realtime.socket import BUSY

PAGES = sorted({CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *CHECKOUT.glob("docs/**/*.md")})
COMMAND = re.compile(r"bin/kefu +([^`\n（]*)")
SETTING = re.compile(r"\bKEFU_[A-Z_]+\b")
# The trading platform's own, in the example of its backend.
OF_OTHERS = {"KEFU_SECRET", "KEFU_KEY_ID"}


def commands_in(text: str) -> Iterator[list[str]]:
    for match in COMMAND.finditer(text):
        yield re.split(r"[\s=]+", match[1].strip())


def verb_of(words: list[str]) -> front.Verb | None:
    return next((one for one in front.VERBS if tuple(words[: len(one.words)]) == one.words), None)


def flags_of(verb: front.Verb) -> set[str]:
    parser = ArgumentParser()
    front.flags.data(parser)
    verb.flags(parser)
    known = set(parser._option_string_actions)
    if verb.module == front.OF_ROOMS:
        name = "_".join(verb.words).replace("-", "_")
        own = of_rooms._command(name).create_parser("kefu", " ".join(verb.words))
        known |= set(own._option_string_actions)
    return known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_each_command_and_each_flag_of_it_exists(page: Path) -> None:
    unknown = []
    for words in commands_in(page.read_text(encoding="utf-8")):
        verb = verb_of(words)
        typed = {word for word in words if word.startswith("--")}
        if verb is None or (verb.words != ("django",) and typed - flags_of(verb)):
            unknown.append(" ".join(words))

    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_each_setting_exists(page: Path) -> None:
    assert set(SETTING.findall(page.read_text(encoding="utf-8"))) <= set(env.SETTINGS) | OF_OTHERS


@pytest.mark.parametrize("page", ["scale.en.md", "scale.zh.md"])
def test_the_table_of_what_to_watch_has_every_number_and_no_other(page: str) -> None:
    # Named here so that whatever counts is imported.
    assert {BUSY.name, HITS.name} <= set(METERS)
    rows = re.findall(r"^\| (`kefu_.*?) \|", (CHECKOUT / "docs/operators" / page).read_text(), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        f"{name}_total" if isinstance(meter, Count) else name for name, meter in METERS.items()
    }


@pytest.mark.parametrize("page", ["settings-pages.en.md", "settings-pages.zh.md"])
def test_the_table_of_settings_pages_has_each_of_them(page: str) -> None:
    language = {"en": "en", "zh": "zh-hans"}[page.split(".")[1]]
    rows = re.findall(r"^\| ([^|]+) \|", (CHECKOUT / "docs/operators" / page).read_text(), re.MULTILINE)

    with translation.override(language):
        assert {str(one.name) for one in registry._pages.values()} == set(rows[1:])


@pytest.mark.parametrize("page", sorted(CHECKOUT.glob("docs/operators/*.en.md")), ids=lambda page: page.name)
def test_both_languages_tell_the_same_commands_settings_and_addresses(page: Path) -> None:
    other = page.with_name(page.name.replace(".en.", ".zh."))

    def told(text: str) -> dict[str, set[str]]:
        verbs = {verb_of(words) for words in commands_in(text)}
        return {
            "commands": {" ".join(verb.words) for verb in verbs if verb},
            "flags": {word for words in commands_in(text) for word in words if word.startswith("--")},
            "settings": set(SETTING.findall(text)),
            "addresses": set(re.findall(r"`(/[a-z][\w/.-]*)`", text)),
            "metrics": set(re.findall(r"`(kefu_\w+)`", text)),
        }

    assert told(page.read_text(encoding="utf-8")) == told(other.read_text(encoding="utf-8"))
