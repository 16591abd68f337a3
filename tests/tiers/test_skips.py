"""Every test that skips says why, in words that the tally can judge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiers.tally import OTHER, WANT

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for top in ("kefu", "tests")
    for path in (ROOT / top).rglob("*.py")
    if "tests" in path.relative_to(ROOT).parts and path.name not in {"test_tally.py", "test_skips.py"}
)
SKIPS = {"skip", "skipif", "importorskip", "skipIf", "skipUnless", "SkipTest", "xfail"}


def skips(code: str) -> Iterator[str]:
    """The reason of each skip, or what stands there when the reason can't be read."""
    if not any(word in code for word in SKIPS):
        return
    reasons = _reasons(code)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute | ast.Name) and _name(node) in SKIPS:
            yield reasons.get((node.lineno, node.col_offset), f"{_name(node)} without a reason")


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _reasons(code: str) -> dict[tuple[int, int], str]:
    return {
        (call.func.lineno, call.func.col_offset): text
        for call in ast.walk(ast.parse(code))
        if isinstance(call, ast.Call)
        for value in (*call.args, *(word.value for word in call.keywords if word.arg == "reason"))
        if (text := _words(value))
    }


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_each_skip_in_the_house_has_a_reason_that_counts() -> None:
    found = {path: list(skips(path.read_text(encoding="utf-8"))) for path in FILES}

    assert sum(map(len, found.values())) > 5
    assert not [
        f"{path.relative_to(ROOT)}: {reason}"
        for path, reasons in found.items()
        for reason in reasons
        if not reason.startswith((WANT, OTHER))
    ]


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("pytest.skip('needs a printer')", ["needs a printer"]),
        ("pytest.skip(f'needs {what}')", ["needs "]),
        ("odd = pytest.mark.skipif(True, reason='only odd')", ["only odd"]),
        ("@pytest.mark.skip\ndef test(): pass", ["skip without a reason"]),
        ("pytest.skip(words)", ["skip without a reason"]),
        ("raise unittest.SkipTest('later')", ["later"]),
        ("pytest.mark.xfail(reason='it fails')", ["it fails"]),
    ],
)
def test_a_skip_is_found_however_it_is_written(code: str, reasons: list[str]) -> None:
    assert list(skips(code)) == reasons
