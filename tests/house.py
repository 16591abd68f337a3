"""How many paths lead through a function: one, and one more for each decision, as ruff counts them too."""

from __future__ import annotations

import ast

DECISIONS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def complexity(function: ast.AST) -> int:
    """Functions inside the function count for themselves."""
    return 1 + sum(_weight(node) for node in _inside(function))


def _weight(node: ast.AST) -> int:
    if isinstance(node, ast.match_case):
        return int(not is_wildcard(node))
    return int(isinstance(node, DECISIONS))


def is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _inside(function: ast.AST) -> list[ast.AST]:
    found = []
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, FUNCTIONS):
            waiting += ast.iter_child_nodes(node)
    return found
