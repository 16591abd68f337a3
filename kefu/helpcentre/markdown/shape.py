"""Giving an article's tokens the design's shape: headings with addresses, tabs, steps, tables with labels, one lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop
from markdown_it.token import Token

from kefu.helpcentre.markdown.containers import TABS
from kefu.helpcentre.markdown.problems import BadMarkdown

NAMED = re.compile(r"\{#([a-z][a-z0-9-]{0,40})\}\Z")
NUMBERED = re.compile(r"^[一二三四五六七八九十]{1,3}、")


@dataclass(frozen=True)
class Heading:
    """A heading of the second level, as the contents list shows it."""

    id: str
    title: str


def shape(tokens: list[Token]) -> tuple[list[Token], list[Heading]]:
    """The tokens in their final shape, and the contents list; raises BadMarkdown for what an article can't have."""
    headings = _address_headings(tokens)
    _class_lists(tokens)
    _shape_tables(tokens)
    _mark_lead(tokens)
    return _gather_tabs(tokens), headings


def plain(inline: Token) -> str:
    """What is read of an inline token."""
    return "".join(_word(one) for one in inline.children or [])


def _word(part: Token) -> str:
    if part.type in {"text", "code_inline", "image"}:
        return part.content
    return {"softbreak": " ", "hardbreak": "\n"}.get(part.type, "")


def line_of(token: Token) -> int | None:
    """Where the author wrote it, counted from one."""
    return token.map[0] + 1 if token.map else None


def _address_headings(tokens: Sequence[Token]) -> list[Heading]:
    headings: list[Heading] = []
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        if token.tag not in {"h2", "h3"}:
            raise BadMarkdown(
                gettext_noop("“%(title)s”: an article has headings of the levels ## and ### only."),
                line=line_of(token),
                title=tokens[place + 1].content,
            )
        name = _take_name(tokens[place + 1]) or f"part-{len(taken) + 1}"
        # A prefix of its own keeps an author's name from being the page's.
        address = f"s-{name}"
        if address in taken:
            raise BadMarkdown(
                gettext_noop("Two headings are called #%(name)s."), line=line_of(token), name=name
            )
        taken.add(address)
        token.attrSet("id", address)
        if token.tag == "h2":
            headings.append(Heading(address, NUMBERED.sub("", plain(tokens[place + 1]))))
    return headings


def _take_name(inline: Token) -> str | None:
    """The name in `## Title {#name}`, taken out of what is shown."""
    last = inline.children[-1] if inline.children else None
    found = NAMED.search(last.content.rstrip()) if last and last.type == "text" else None
    if not last or not found:
        return None
    last.content = last.content[: found.start()].rstrip()
    inline.content = NAMED.sub("", inline.content.rstrip()).rstrip()
    return found.group(1)


def _class_lists(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "ordered_list_open":
            token.attrSet("class", "steps")
        elif token.type == "bullet_list_open":
            token.attrSet("class", "dots")


def _shape_tables(tokens: Sequence[Token]) -> None:
    heading, label, is_first = "", "", False
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = plain(tokens[place + 1])
        elif token.info == "table":
            label = token.meta.get("title", "")
        elif token.type == "table_open":
            token.meta["label"] = label or heading
            token.attrSet("class", "table")
        elif token.type == "tr_open":
            is_first = True
        elif token.type in {"th_open", "td_open"}:
            _shape_cell(token, tokens, place, is_first=is_first)
            is_first = False


def _shape_cell(token: Token, tokens: Sequence[Token], place: int, *, is_first: bool) -> None:
    # The alignment comes as a style, which the pages' policy forbids.
    style = str(token.attrs.pop("style", ""))
    if "right" in style:
        token.attrSet("class", "num")
    if token.type == "th_open" and not plain(tokens[place + 1]).strip():
        # A corner that heads nothing is no heading.
        token.tag = tokens[place + 2].tag = "td"
    elif token.type == "th_open":
        token.attrSet("scope", "col")
    elif is_first:
        token.tag = "th"
        token.attrSet("scope", "row")
        # A cell is its opening, its words and its end.
        tokens[place + 2].tag = "th"


def _mark_lead(tokens: Sequence[Token]) -> None:
    if tokens and tokens[0].type == "paragraph_open":
        tokens[0].attrSet("class", "lead")


def _gather_tabs(tokens: Sequence[Token]) -> list[Token]:
    """Put tabs that follow each other under one list of tabs."""
    gathered: list[Token] = []
    switches = 0
    group: Token | None = None
    for token in tokens:
        if token.type == "block_open" and token.info in TABS:
            if group is None or gathered[-1].type != "block_close":
                switches += 1
                group = Token("switch_open", "div", 1, meta={"number": switches, "tabs": []})
                gathered.append(group)
            number = len(group.meta["tabs"]) + 1
            token.meta |= {"id": f"{switches}-{number}"}
            group.meta["tabs"].append(
                {"id": f"{switches}-{number}", "name": token.info, "title": token.meta["title"]}
            )
        elif group is not None and gathered[-1].type == "block_close" and gathered[-1].info in TABS:
            gathered.append(Token("switch_close", "div", -1))
            group = None
        gathered.append(token)
    if group is not None:
        gathered.append(Token("switch_close", "div", -1))
    return gathered
