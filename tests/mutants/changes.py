"""What may be changed in a syntax tree: each change is a small mistake that somebody could have made."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from typing import TypeVar, cast

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
}
Node = TypeVar("Node", bound=ast.AST)
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
HAVE_A_TEST = (ast.If, ast.While, ast.IfExp)
# The negation of these is among their own changes.
NEGATED_ELSEWHERE = (ast.Compare, ast.UnaryOp)
# What a log says beside its event.
ONLY_TOLD = {"extra", "exc_info"}
REMOVABLE = (ast.Expr, ast.AugAssign, ast.Raise, ast.Delete, ast.Break, ast.Continue)


def changes(node: ast.AST, siblings: Sequence[Sequence[str]]) -> Iterator[ast.AST]:
    """Every other node that could stand in the place of this one; `siblings` are names that could be taken for each other."""
    yield from _of_conditions(node)
    yield from _of_values(node, siblings)
    yield from _of_calls(node)
    yield from _of_statements(node)


def _of_conditions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for place in range(len(node.values)):
            left = [*node.values[:place], *node.values[place + 1 :]]
            yield left[0] if len(left) == 1 else _with(node, values=left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, HAVE_A_TEST) and not isinstance(node.test, NEGATED_ELSEWHERE):
        yield _with(node, test=_not(node.test))
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield _with(node, ifs=[*node.ifs[:place], *node.ifs[place + 1 :]])


def _of_values(node: ast.AST, siblings: Sequence[Sequence[str]]) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=str(value)) if value:
            yield ast.Constant(f"XX{value}XX")
        case ast.BinOp(op=operator) if type(operator) in SUMS and not _is_text(node):
            yield _with(node, op=SUMS[type(operator)]())
        case ast.UnaryOp(op=ast.USub()):
            yield node.operand
        case ast.Name(id=name, ctx=ast.Load()):
            others = [other for group in siblings if name in group for other in group if other != name]
            yield from (_with(node, id=other) for other in others)


def _of_calls(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in OPPOSITES:
            yield _with(node, func=ast.Name(OPPOSITES[node.func.id], ast.Load()))
        for place, keyword in enumerate(node.keywords):
            if _is_flag(keyword.value) or keyword.arg in ONLY_TOLD:
                continue
            yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
    elif isinstance(node, ast.Slice):
        if node.lower:
            yield _with(node, lower=None)
        if node.upper:
            yield _with(node, upper=None)


def _of_statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AugAssign) and type(node.op) in SUMS:
        yield _with(node, op=SUMS[type(node.op)]())
    if isinstance(node, REMOVABLE) and not _is_docstring(node):
        yield ast.Pass()
    elif isinstance(node, ast.Assign) and not any(
        isinstance(to, ast.Name | ast.Tuple) for to in node.targets
    ):
        # To forget a local name mostly ends in a NameError and tells nothing about the tests.
        yield ast.Pass()
    elif isinstance(node, ast.Return) and node.value and not _says_no(node.value):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for place in range(len(node.decorator_list)):
            yield _with(
                node, decorator_list=[*node.decorator_list[:place], *node.decorator_list[place + 1 :]]
            )


def _with(node: Node, **fields: object) -> Node:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr | ast.Constant) and _is_str(side) for side in (node.left, node.right)
    )


def _is_str(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(cast("ast.Constant", node).value, str)


def _says_no(node: ast.expr) -> bool:
    """Whoever asks takes None and False for the same."""
    return isinstance(node, ast.Constant) and node.value in {None, False}


def _is_flag(node: ast.expr) -> bool:
    """To leave out a flag is mostly the same as to turn it."""
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
