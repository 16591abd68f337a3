"""Blocks between `::: name` and `:::`: callouts, the same steps on web and in the app, and tables with a label.

::: care                 a warning          ::: web 网页         steps; web and app that follow each other
::: info                 a remark           ::: app 星海 App     become tabs, named as the author says
::: tool                 a tool that helps  ::: table 确认数     a table that is read aloud by this name
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from kefu.helpcentre.markdown.problems import BadMarkdown

FENCE = re.compile(r":::[ \t]*(?P<name>[a-z]*)(?P<title>.*)")
CALLOUTS = frozenset({"care", "info", "tool"})
TABS = frozenset({"web", "app"})
TITLED = TABS | {"table"}
NAMES = CALLOUTS | TITLED


def containers(md: MarkdownIt) -> None:
    """A plugin; tokens are `block_open` and `block_close` with the block's name as `info`."""
    md.block.ruler.before(
        "fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _container(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    found = _fence(state, first)
    if found is None:
        return False
    if silent:
        return True
    name, title = found.group("name"), found.group("title").strip(" \t")
    if name not in NAMES:
        raise BadMarkdown(
            gettext_noop("“::: %(name)s” is no block; there are %(names)s."),
            line=first + 1,
            name=name,
            names=", ".join(sorted(NAMES)),
        )
    if name in TITLED and not title:
        raise BadMarkdown(gettext_noop("“::: %(name)s” needs title."), line=first + 1, name=name)
    if title and name not in TITLED:
        raise BadMarkdown(gettext_noop("“::: %(name)s” takes no title."), line=first + 1, name=name)
    end = _end(state, first, last)
    _push(state, name, title, first, end)
    return True


def _fence(state: StateBlock, line: int) -> re.Match[str] | None:
    if state.is_code_block(line):
        return None
    return FENCE.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])


def _end(state: StateBlock, first: int, last: int) -> int:
    """The line of the `:::` that ends the block; blocks may stand in blocks."""
    depth = 1
    for line in range(first + 1, last):
        found = _fence(state, line)
        if found:
            depth += 1 if found.group("name") else -1
        if not depth:
            return line
    raise BadMarkdown(gettext_noop("This block has no “:::” at its end."), line=first + 1)


def _push(state: StateBlock, name: str, title: str, first: int, end: int) -> None:
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", end
    opening = state.push("block_open", "div", 1)
    opening.info, opening.meta, opening.block, opening.map = name, {"title": title}, True, [first, end]
    state.md.block.tokenize(state, first + 1, end)
    closing = state.push("block_close", "div", -1)
    closing.info, closing.block = name, True
    state.parentType, state.lineMax, state.line = parent, line_max, end + 1
