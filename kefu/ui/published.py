"""The names of zones as a module for the browser; `publish_zones` writes it, a test compares it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext, override

from kefu.ui.languages import HTML_LANG
from kefu.ui.zones import NAMES, SAME_AS

ZONES = Path(__file__).parent / "static" / "ui" / "zones.js"


def zones() -> str:
    """What `zones.js` holds: each zone's name by language, and the names that mean another zone."""
    names = {key: {language: _said(name, language) for language in HTML_LANG} for key, name in NAMES.items()}
    return "\n".join(
        [
            "// Time zones as people name them. Written by publish_zones from kefu/ui/zones.py and its catalogues.",
            *_constant("NAMES", {key: _one_line(words) for key, words in names.items()}),
            "",
            "// Names that browsers still report for zones that were renamed.",
            *_constant("SAME_AS", {key: json.dumps(same) for key, same in SAME_AS.items()}),
            "",
        ]
    )


def _said(name: str, language: str) -> str:
    with override(language):
        return gettext(name)


def _one_line(words: Mapping[str, str]) -> str:
    return f"{{ {json.dumps(words, ensure_ascii=False)[1:-1]} }}"


def _constant(name: str, values: Mapping[str, str]) -> list[str]:
    return [
        f"export const {name} = {{",
        *(f"  {json.dumps(key)}: {value}," for key, value in values.items()),
        "};",
    ]
