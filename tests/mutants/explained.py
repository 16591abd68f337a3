"""The survivors that `docs/developers/mutation.md` explains."""

from __future__ import annotations

import re
from functools import cache

from tests.mutants.trial import ROOT

PAGE = ROOT / "docs" / "developers" / "mutation.md"
# A line of a table that begins with a mutant's name between backticks.
ROW = re.compile(r"^\| (`+) ?(.+?) ?\1 \|", re.MULTILINE)
# Stands for any text, so that one line may explain several mutants of one kind.
ANYTHING = "[…]"


def is_explained(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in _rows())


@cache
def _rows() -> tuple[re.Pattern[str], ...]:
    if not PAGE.exists():
        return ()
    names = [name.replace("\\|", "|") for _, name in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    return tuple(re.compile(".*".join(map(re.escape, name.split(ANYTHING)))) for name in names)
