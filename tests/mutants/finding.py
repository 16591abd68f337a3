"""Every mutant of a module: where it is, what is different, and its whole source."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.mutants.alternatives import fewer
from tests.mutants.changes import changes

# Shorter than this, a change says too little and is shown with what stands around it.
TELLING = 16
LONGEST = 160
CARRY_A_NAME = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Mutant:
    """`name` stays the same when lines move: module, function, what was there and what is there now."""

    name: str
    line: int
    tree: ast.Module
    site: _Site
    other: ast.AST

    @property
    def source(self) -> str:
        """Of the whole module."""
        with self.site.holding(self.other):
            return ast.unparse(ast.fix_missing_locations(self.tree))


@dataclass(frozen=True)
class _Site:
    """A node and the way to it from the top of the module; `holder` has it in `slot`, at `place` if that is a list."""

    node: ast.AST
    above: Sequence[ast.AST]
    slot: str
    place: int | None

    @contextmanager
    def holding(self, other: ast.AST) -> Iterator[None]:
        self._put(other)
        try:
            yield
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        holder = self.above[-1]
        if self.place is None:
            setattr(holder, self.slot, node)
        else:
            getattr(holder, self.slot)[self.place] = node


def mutants_of(
    source: str, *, module: str, siblings: Sequence[Sequence[str]] = (), are_patterns: bool = False
) -> list[Mutant]:
    """In the order of the source; of `patterns` also those with one alternative less."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    found = []
    for site in list(_sites(tree, ())):
        for other, called in _others(site, siblings, are_patterns=are_patterns):
            name = f"{_inside(module, site)}: {called or _told(site, other)}"
            seen[name] += 1
            number = f" ({seen[name]})" if seen[name] > 1 else ""
            found.append(Mutant(name + number, getattr(site.node, "lineno", 0), tree, site, other))
    return found


def _others(
    site: _Site, siblings: Sequence[Sequence[str]], *, are_patterns: bool
) -> Iterator[tuple[ast.AST, str]]:
    """What could stand here, and what to call that if it is not to be shown."""
    if are_patterns and isinstance(site.node, ast.Constant) and isinstance(site.node.value, str):
        is_whole = not isinstance(site.above[-1], ast.JoinedStr)
        without = list(fewer(site.node.value, is_whole=is_whole))
        if without:
            yield from ((ast.Constant(rest), f"without {alternative}") for alternative, rest in without)
            return
    yield from ((other, "") for other in changes(site.node, siblings))


def _told(site: _Site, other: ast.AST) -> str:
    shown = _shown(site)
    before = _said(shown)
    with site.holding(other):
        after = "nothing" if isinstance(other, ast.Pass) else _said(other if shown is site.node else shown)
    return _apart(before, after)


def _inside(module: str, site: _Site) -> str:
    """Module, class and function; at the top of a module the name that is given there."""
    path = (*site.above, site.node)
    names = [node.name for node in path if isinstance(node, CARRY_A_NAME)]
    given = [name for node in path for name in _given(node)]
    return ".".join([module, *(names or given[:1])])


def _given(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _sites(node: ast.AST, above: Sequence[ast.AST]) -> Iterator[_Site]:
    """All nodes that run and whose change a test could notice, parents first."""
    for slot, value in ast.iter_fields(node):
        if slot in {"annotation", "returns"}:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _is_silent(child, node):
                continue
            site = _Site(child, (*above, node), slot, place)
            yield site
            yield from _sites(child, site.above)


def _is_silent(node: ast.AST, parent: ast.AST) -> bool:
    """Docstrings, types, names for other programs, and words that only people read."""
    match node:
        case (
            ast.Import()
            | ast.ImportFrom()
            | ast.Expr(value=ast.Constant())
            | ast.ClassDef(bases=[ast.Name(id="Protocol")])
            | ast.If(test=ast.Name(id="TYPE_CHECKING"))
            | ast.Assign(targets=[ast.Name(id="__all__")])
            | ast.Call(func=ast.Name(id="dataclass" | "TypeVar"))
            | ast.Call(func=ast.Attribute(attr="getLogger"))
            | ast.Subscript(value=ast.Name(id="Literal"))
        ):
            return True
        case ast.keyword():
            return _is_log(parent)
        case ast.JoinedStr() | ast.Constant(value=str()) if isinstance(parent, ast.Call):
            return _is_only_told(node, parent)
    return False


def _is_log(node: ast.AST) -> bool:
    """What stands in the log beside its event."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")


def _is_only_told(node: ast.AST, call: ast.Call) -> bool:
    """The words of an error, or the name under which the browser gets a pattern."""
    if not isinstance(call.func, ast.Name):
        return False
    is_error = call.func.id[0].isupper() and node in call.args
    return is_error or (call.func.id == "_pattern" and call.args[0] is node)


def _shown(site: _Site) -> ast.AST:
    """The smallest part around a change that tells what it is about."""
    shown = site.node
    for around in reversed(site.above):
        if len(_said(shown)) >= TELLING or not isinstance(
            around, ast.expr | ast.keyword | ast.Assign | ast.Return
        ):
            break
        if len(_said(around)) > LONGEST:
            break
        shown = around
    return shown


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return " ".join(["def", *(f"@{ast.unparse(one)}" for one in node.decorator_list)])
    if isinstance(node, ast.If | ast.While):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _apart(before: str, after: str) -> str:
    """Both texts; of long ones only where they differ and a little around it."""
    if len(before) <= LONGEST:
        return f"{before} → {after}"
    at = next(
        (place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0
    )
    start = max(0, at - 30)
    return f"…{before[start : start + 80]}… → …{after[start : start + 80]}…"
