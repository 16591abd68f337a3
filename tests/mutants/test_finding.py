from __future__ import annotations

import ast

import pytest

from tests.mutants import explained
from tests.mutants.__main__ import mutants
from tests.mutants.alternatives import fewer
from tests.mutants.explained import is_explained
from tests.mutants.finding import mutants_of
from tests.mutants.parts import PARTS
from tests.mutants.trial import ROOT


def names(source: str, **values: object) -> list[str]:
    return [
        mutant.name.removeprefix("m").removeprefix(": ")
        for mutant in mutants_of(source, module="m", **values)
    ]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a < b", ["a < b → a <= b", "a < b → a >= b"]),
        ("a and b", ["a and b → a or b", "a and b → b", "a and b → a"]),
        ("not a", ["not a → a"]),
        ("x if a else y", ["x if a else y → x if not a else y"]),
        ("limit(3)", ["limit(3) → limit(4)", "limit(3) → limit(2)"]),
        ("f(a, b=c)", ["f(a, b=c) → f(a)"]),
        ("min(a)", ["min(a) → max(a)"]),
        ("a + b", ["a + b → a - b"]),
        ("a[b:c]", ["a[b:c] → a[:c]", "a[b:c] → a[b:]"]),
        ("[a for a in b if c]", ["[a for a in b if c] → [a for a in b]"]),
    ],
)
def test_a_value_is_changed_as_somebody_could_slip(source: str, wanted: list[str]) -> None:
    found = [name.removeprefix(".kept: ").replace("kept = ", "") for name in names(f"kept = {source}")]

    assert set(wanted) <= set(found)


def test_statements_are_forgotten_and_answers_kept_back() -> None:
    source = "def f(self):\n    self.a = b\n    a += c\n    g()\n    return a\n"

    assert names(source) == [
        ".f: self.a = b → nothing",
        ".f: a += c → a -= c",
        ".f: a += c → nothing",
        ".f: g() → nothing",
        ".f: return a → return None",
    ]


def test_what_says_nothing_to_a_program_is_left_alone() -> None:
    source = (
        '"""About."""\nfrom a import b\n__all__ = ["b"]\n\n'
        'def f(a: "int") -> "str":\n    """About."""\n    raise Wrong("what to do")\n'
    )

    assert names(source) == [".f: raise Wrong('what to do') → nothing"]


def test_names_of_one_group_are_taken_for_each_other() -> None:
    assert names("row = Row(NO, ALL)", siblings=[("NO", "TEAMS", "ALL")]) == [
        ".row: row = Row(NO, ALL) → row = Row(TEAMS, ALL)",
        ".row: row = Row(NO, ALL) → row = Row(ALL, ALL)",
        ".row: row = Row(NO, ALL) → row = Row(NO, NO)",
        ".row: row = Row(NO, ALL) → row = Row(NO, TEAMS)",
    ]


def test_a_mutant_is_the_whole_module_with_one_change() -> None:
    source = "a = 1\nb = 2"

    assert [mutant.source for mutant in mutants_of(source, module="m")] == [
        "a = 2\nb = 2",
        "a = 0\nb = 2",
        "a = 1\nb = 3",
        "a = 1\nb = 1",
    ]


def test_two_that_look_alike_have_different_names() -> None:
    assert names("def f():\n    a = 1\n    a = 1\n")[1::2] == [".f: a = 1 → a = 0", ".f: a = 1 → a = 0 (2)"]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("a|b|c", ["b|c", "a|c", "a|b"]),
        ("x(a|b)y", ["x(b)y", "x(a)y"]),
        ("(?:a|(?<!b|c)d)", ["(?:(?<!b|c)d)", "(?:a)", "(?:a|(?<!c)d)", "(?:a|(?<!b)d)"]),
        (r"[|]|\|", [r"\|", "[|]"]),
        ("abc", []),
    ],
)
def test_a_pattern_loses_each_of_its_alternatives(pattern: str, wanted: list[str]) -> None:
    assert sorted(rest for _, rest in fewer(pattern, is_whole=True)) == sorted(wanted)


def test_a_piece_of_a_pattern_keeps_what_may_be_cut_through() -> None:
    assert list(fewer("a|b|c", is_whole=False)) == [("b", "a|c")]
    assert list(fewer("b)|c|(?:d", is_whole=False)) == []


def test_an_explanation_holds_for_its_mutant_or_for_all_of_its_kind(tmp_path, monkeypatch) -> None:
    page = tmp_path / "mutation.md"
    page.write_text(
        "| mutant | why |\n|---|---|\n| `m.f: a → b` | same |\n| `` m: `x` \\| […] → c `` | same |\n"
    )
    monkeypatch.setattr(explained, "PAGE", page)
    explained._rows.cache_clear()
    try:
        assert [is_explained(name) for name in ("m.f: a → b", "m: `x` | y → c", "m.f: a → c")] == [
            True,
            True,
            False,
        ]
    finally:
        explained._rows.cache_clear()


@pytest.mark.slow
def test_nothing_is_explained_that_is_no_mutant_any_more() -> None:
    names = [mutant.name for part in PARTS for path in part.modules for mutant in mutants(part, path)]

    assert [row.pattern for row in explained._rows() if not any(map(row.fullmatch, names))] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_every_part_is_there_and_has_mutants_that_can_be_read(part) -> None:
    for path, tests in part.modules.items():
        assert all((ROOT / test).exists() for test in tests)
        found = mutants_of((ROOT / path).read_text(), module="m", siblings=part.siblings)
        assert found
        ast.parse(found[0].source)
    assert all((ROOT / path).exists() for path in part.takers)
