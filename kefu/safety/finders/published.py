"""The guard's patterns and words as modules for the browser; `publish_guard` writes them, a test compares them."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill

from kefu.safety.finders.patterns import SIMPLIFIED, SOURCES, TRADITIONAL
from kefu.safety.finders.phrases import WORDS

FOLDER = Path(__file__).parents[1] / "static" / "safety"


def modules() -> dict[str, str]:
    """File name to content."""
    return {"patterns.js": _patterns(), "bip39.js": _words()}


def _patterns() -> str:
    lines = [f"  {name}: {json.dumps(source)}," for name, source in SOURCES.items()]
    return "\n".join(
        [
            "// Written by the command publish_guard from kefu/safety/finders/patterns.py, where they are explained.",
            "export const SOURCES = {",
            *lines,
            "};",
            f'export const TRADITIONAL = "{TRADITIONAL}";',
            f'export const SIMPLIFIED = "{SIMPLIFIED}";',
            "",
        ]
    )


def _words() -> str:
    listed = fill(" ".join(sorted(WORDS)), width=116)
    return (
        "// The English word list of BIP-39. Written by the command publish_guard from kefu/safety/data/bip39_english.txt.\n"
        f"export const WORDS = new Set(`\n{listed}\n`.trim().split(/\\s+/));\n"
    )
