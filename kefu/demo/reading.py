"""Reading the content folder, its facts filled in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kefu.helpcentre.facts import fill, flattened
from kefu.ui.languages import HTML_LANG

CONTENT = Path(__file__).parent / "content"
FIRST_LANGUAGE = "zh-hans"


def read_content(folder: Path = CONTENT) -> dict[str, Any]:
    """brand.toml as values: brand, hours, and lists of team, topic, agent and way."""
    tables = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
    facts = dict(flattened(tables, HTML_LANG))
    text = (folder / "brand.toml").read_text(encoding="utf-8")
    return tomllib.loads(fill(text, facts, FIRST_LANGUAGE))
