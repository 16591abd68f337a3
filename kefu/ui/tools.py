"""Tools that pages offer by key: what does the thing that an article explains. Rooms above register theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Tool:
    """`name` says what it does, as a link; `says` is a sentence beside it.

    `takes` says whether words that somebody searches for hold what the tool is for, and `offer` then says what that is.
    """

    key: str
    url_name: str
    name: str | Promise
    says: str | Promise
    icon: str
    takes: Callable[[str], bool] | None = None
    offer: str | Promise = ""


_tools: dict[str, Tool] = {}


def register(tool: Tool) -> None:
    _tools[tool.key] = tool


def tool_called(key: str | None) -> Tool | None:
    return _tools.get(key or "")


def tool_for(words: str) -> Tool | None:
    """The first that takes these words. They are somebody's own then, and not to be kept."""
    return next((tool for tool in _tools.values() if tool.takes and tool.takes(words)), None)


def tools() -> tuple[Tool, ...]:
    """In the order in which they were registered."""
    return tuple(_tools.values())
