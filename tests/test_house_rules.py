"""The rules of the house that no linter keeps: sizes, names, doors between rooms, words that slip in."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house import complexity

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "kefu"
MODULE_LINES, FUNCTION_LINES, FUNCTION_PATHS = 400, 50, 10
TEMPLATE_LINES, SCRIPT_LINES = 150, 250
MOST_DEPENDENCIES = 28
# Code of others, kept whole and unread by these rules.
VENDORED = "vendor"
NAMELESS = {"utils", "helpers", "services", "managers", "util", "helper", "misc", "common"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# What the design's pages show as an example may stand in no template: there every fact has a source.
SAMPLE_FACTS = (
    "8842015731",
    "XH-2611",
    "XH-2610",
    "林嘉禾",
    "陈屿",
    "1,284",
    "97.4%",
    "41 秒",
    "约 2–5 分钟",
    "2–5 分钟",
    "7c1e9f",
    "0x71c7",
)
# These know an actor and no policy; an action of theirs that needs one has it registered from above.
BELOW_THE_POLICY = {"exchange", "search", "safety", "realtime", "brands", "journal", "background", "ui"}
ASKS = re.compile(r"require\w*|allows")
ACTIONS = re.compile(r"kefu\.(\w+)\.(actions|verbs)\b")
# For whom an action acts.
SOMEBODY = {"by", "viewer"}
REQUIREMENTS = [
    f"{letter}{number}"
    for letter, last in {"W": 4, "L": 6, "E": 6, "S": 6, "C": 5, "M": 6, "R": 4, "H": 12}.items()
    for number in range(1, last + 1)
]


def told(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    tops = (HOUSE, ROOT / "tests", ROOT / "bench", ROOT / "docs")
    found = (path for top in tops if top.exists() for path in sorted(top.rglob("*.py")))
    return tuple(path for path in found if "migrations" not in path.parts and VENDORED not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def own(*endings: str) -> Iterator[Path]:
    for path in sorted(HOUSE.rglob("*")):
        if path.suffix in endings and VENDORED not in path.parts and "tests" not in path.parts:
            yield path


def templates() -> list[Path]:
    return [path for path in own(".html", ".txt") if "templates" in path.parts]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def too_long(paths: Iterator[Path] | list[Path] | tuple[Path, ...], most: int) -> list[str]:
    return [f"{told(path)}: {lines(path)} lines" for path in paths if lines(path) > most]


def test_no_module_template_or_script_is_too_long() -> None:
    assert too_long(modules(), MODULE_LINES) == []
    assert too_long(templates(), TEMPLATE_LINES) == []
    assert too_long(own(".js"), SCRIPT_LINES) == []


def test_no_function_is_too_long_or_takes_too_many_paths() -> None:
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            length, paths = (node.end_lineno or 0) - node.lineno + 1, complexity(node)
            if length > FUNCTION_LINES or paths > FUNCTION_PATHS:
                found.append(f"{told(path)}: {node.name} has {length} lines and {paths} paths")
    assert found == []


def test_no_module_hides_behind_a_name_that_says_nothing() -> None:
    assert [told(path) for path in modules() if {path.stem, *path.parent.parts} & NAMELESS] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    paths = [path for path in (*modules(), *own(".js", ".css", ".html")) if path != Path(__file__)]

    assert [told(path) for path in paths if UNFINISHED.search(path.read_text())] == []


def product() -> list[Path]:
    return [path for path in modules() if path.is_relative_to(HOUSE) and "tests" not in path.parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_rooms_do_not_talk_through_djangos_signals() -> None:
    signals = ("django.dispatch", "django.db.models.signals")

    assert [told(path) for path in product() if any(name.startswith(signals) for name in imports(path))] == []


def test_imports_stand_at_the_top() -> None:
    """An app's ready() is the one place where Django itself asks for a late import."""
    found = []
    for path in modules():
        if "tests" in path.relative_to(ROOT).parts or path.name == "apps.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{told(path)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert found == []


def test_no_template_shows_a_fact_of_the_design() -> None:
    found = [
        f"{told(path)}: {fact}"
        for path in (*templates(), *own(".js"))
        for fact in SAMPLE_FACTS
        if fact in path.read_text()
    ]
    assert found == []


def test_templates_hold_no_style_and_no_script() -> None:
    """The content security policy would stop them, in silence."""
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    # Tags of the template language are not the page, and a block of JSON for a script runs nothing.
    passed_over = re.compile(r"{%.*?%}|<script[^>]*type=\"application/(?:ld\+)?json\"[^>]*>", re.DOTALL)
    # Mail programs read no style sheet, and no policy of ours reaches them.
    letters = HOUSE / "mailroom/templates/mailroom/letter"
    pages = [path for path in templates() if path.suffix == ".html" and not path.is_relative_to(letters)]

    assert [told(path) for path in pages if inline.search(passed_over.sub("", path.read_text()))] == []


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def test_rooms_below_the_policy_call_no_action_of_a_room_above() -> None:
    """The layers forbid the import; this says it of the actions by name, whatever the layers become."""
    found = [
        f"{told(path)} -> {name}"
        for path in product()
        if room_of(path) in BELOW_THE_POLICY
        for name in imports(path)
        if (called := ACTIONS.match(name)) and called[1] not in BELOW_THE_POLICY
    ]
    assert found == []


def test_every_action_that_acts_for_somebody_asks_the_policy() -> None:
    """An action that takes `by` or `viewer` asks itself, or what it calls in its own module does, or another action that it
    hands them on to."""
    found = []
    for path in product():
        if not ("verbs" in path.parts or path.name == "actions.py"):
            continue
        functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
        actions = imported_actions(tree(path))
        found += [
            f"{told(path)}: {name}"
            for name, function in functions.items()
            if name[0] != "_" and acts_for_somebody(function) and not asks(function, functions, actions)
        ]
    assert found == []


def imported_actions(module: ast.Module) -> set[str]:
    return {
        name.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and ACTIONS.match(node.module or "")
        for name in node.names
    }


def asks(function: ast.FunctionDef, module: dict[str, ast.FunctionDef], actions: set[str]) -> bool:
    """Does it, or a function of its module that it calls at whatever depth, ask the policy, or an action for whom it acts?"""
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        now = waiting.pop()
        called = calls(now)
        if any(ASKS.fullmatch(name) for name in called) or calls(now, for_somebody=True) & actions:
            return True
        waiting += [module[name] for name in called - seen if name in module]
        seen |= called
    return False


def calls(function: ast.FunctionDef, *, for_somebody: bool = False) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if not for_somebody or {keyword.arg for keyword in node.keywords} & SOMEBODY
    }


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("require(by, May.SAY)", True),
        ("_inner(by)", True),
        ("return allows(by, May.SAY)", True),
        ("_other(by)", False),
        ("pass", False),
        ("action()", False),
        ("theirs(by=by)", True),
        ("theirs(at=by)", False),
        ("other(by=by)", False),
    ],
)
def test_the_rule_sees_who_asks_and_who_does_not(body: str, answer: bool) -> None:
    others = "def _inner(by): _deep(by)\ndef _deep(by): require(by, 1)\ndef _other(by): action()\n"
    text = f"def action(*, by): {body}\n{others}"
    module = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}

    assert asks(module["action"], module, {"theirs"}) is answer


def acts_for_somebody(function: ast.FunctionDef) -> bool:
    return bool({argument.arg for argument in function.args.kwonlyargs} & SOMEBODY)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_requirement_files_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^[\w.\[\],-]+==\S+", text, re.MULTILINE)

    assert re.findall(r"https?://|--index|--extra|--find|file:|@ ", text) == []
    assert len(pinned) > 20
    assert text.count("--hash=sha256:") >= len(pinned)


def test_direct_dependencies_are_few_and_each_has_its_reason() -> None:
    file = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project, groups = file["project"], file["dependency-groups"]
    reasons = (ROOT / "docs/decisions/dependencies.md").read_text()
    names = [re.split(r"[=<>~\[;]", wanted)[0] for wanted in project["dependencies"]]
    assert len(names) <= MOST_DEPENDENCIES

    names += [wanted.partition("==")[0] for wanted in groups["bench"]]
    assert [name for name in names if f"| {name} |" not in reasons] == []


def test_every_pinned_dependency_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = (ROOT / "requirements.txt").read_text()

    for wanted in project["dependencies"]:
        name, version = re.split(r"(?:\[.*\])?==", wanted.split(";")[0].strip())
        assert re.search(rf"^{re.escape(name)}(\[.*\])?=={re.escape(version)}\b", pins, re.MULTILINE), wanted


def test_every_requirement_of_the_specification_has_its_line() -> None:
    page = (ROOT / "docs/requirements.md").read_text()

    assert [
        one for one in REQUIREMENTS if not re.search(rf"^\|\s*\**{one}\**\s*\|", page, re.MULTILINE)
    ] == []


def test_every_proof_that_the_requirements_name_is_a_test_that_there_is() -> None:
    page = (ROOT / "docs/requirements.md").read_text()
    rows = [line for line in page.splitlines() if re.match(r"\| [A-Z]\d", line)]
    proofs = {proof for line in rows for proof in re.findall(r"`((?:kefu|tests)/[^`]+)`", line.split("|")[4])}
    unproven = [line for line in rows if "not yet" not in line and "tests/" not in line.split("|")[4]]

    assert unproven == []
    assert [proof for proof in sorted(proofs) if not is_a_test(proof)] == []


def is_a_test(proof: str) -> bool:
    file, _, name = proof.partition("::")
    path = ROOT / file
    return path.is_file() and (not name or f"def {name}(" in path.read_text())


def test_every_entry_point_can_be_run() -> None:
    for name in ("bin/kefu", "bin/test", "bin/check", "bin/bench", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name
    assert (ROOT / ".ci/run").read_text() == "#!/bin/bash\nexec env CI=true bin/test\n"
