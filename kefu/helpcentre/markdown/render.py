"""From an author's Markdown to the HTML that is stored: tokens, the design's shape, then a cleaner that trusts nobody.

HTML in the source is text. Links go to https, to mail, to this page, or to a page of ours by name (`article:slug`, `chat:`,
`contact:`), which the caller turns into an address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import nh3
from django.utils.html import escape
from django.utils.translation import gettext, override
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from kefu.helpcentre.markdown.containers import CALLOUTS, TABS, containers
from kefu.helpcentre.markdown.emphasis import eastern_emphasis
from kefu.helpcentre.markdown.problems import BadMarkdown
from kefu.helpcentre.markdown.shape import Heading, plain, shape

# Part of each article's digest: a change here draws all of them anew at the next import.
VERSION = 1
LONGEST = 100_000
CALLOUT_ICONS = {"care": "warning", "info": "note", "tool": "bolt"}
TAB_ICONS = {"web": "globe", "app": "app"}
OWN_LINK = re.compile(r"(?P<kind>article|chat|contact):(?P<name>[a-z0-9-]*)$")
FINE_LINK = re.compile(r"(https://|mailto:|#)[^\s]+$")
HAN = re.compile("[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9']+")
TAGS = {
    "a", "b", "blockquote", "br", "button", "code", "div", "em", "h2", "h3", "hr", "i", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "rel"},
    "button": {"type", "role", "aria-controls", "aria-selected"},
    "div": {"role", "aria-label", "aria-labelledby", "tabindex"},
    "i": {"data-icon"},
    "ol": {"start"},
    "th": {"scope"},
}
BLOCKS = {"paragraph_close", "heading_close", "list_item_close", "tr_close", "block_close"}


@dataclass(frozen=True)
class Rendered:
    """HTML to store, the words to search, the contents list, all headings' words, and the minutes that reading takes."""

    html: str
    text: str
    contents: tuple[Heading, ...]
    minutes: int


def render(source: str, *, language: str, address: Callable[[str, str], str]) -> Rendered:
    """Draw an article; `address(kind, name)` gives the path of a page of ours. Raises BadMarkdown with what to mend."""
    if len(source) > LONGEST:
        raise BadMarkdown(f"The text is longer than {LONGEST:,} characters.")
    md = _markdown()
    tokens, contents = shape(md.parse(source))
    _address_links(tokens, address)
    with override(language):
        drawn = md.renderer.render(tokens, md.options, {})
    text = _text(tokens)
    return Rendered(_clean(drawn), text, tuple(contents), _minutes(text))


def _markdown() -> MarkdownIt:
    md = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable("image")
        .use(eastern_emphasis)
        .use(containers)
    )
    for name, rule in RULES.items():
        md.add_render_rule(name, rule)
    return md


def _address_links(tokens: Sequence[Token], address: Callable[[str, str], str]) -> None:
    for inline in tokens:
        for token in inline.children or []:
            if token.type == "link_open":
                _address_link(token, address)


def _address_link(token: Token, address: Callable[[str, str], str]) -> None:
    href = str(token.attrGet("href") or "")
    own = OWN_LINK.match(href)
    if own:
        token.attrSet("href", address(own["kind"], own["name"]))
    elif not FINE_LINK.match(href):
        raise BadMarkdown(
            f"A link goes to “{href}”; links go to https://, mailto:, #part, article:…, chat: or contact:."
        )
    elif href.startswith("#"):
        token.attrSet("href", f"#s-{href[1:]}")
    elif href.startswith("https:"):
        token.attrSet("rel", "noopener noreferrer")


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def _text(tokens: Sequence[Token]) -> str:
    """As search shows it: lines, and between the cells of a row a dot, so that numbers don't run together."""
    parts: list[str] = []
    is_first_cell = False
    for token in tokens:
        if token.type == "inline":
            parts.append(plain(token))
        elif token.type in {"fence", "code_block"}:
            parts += [token.content, "\n"]
        elif token.type in BLOCKS:
            parts.append("\n")
        elif token.type in {"td_open", "th_open"} and not is_first_cell:
            parts.append(" · ")
        is_first_cell = token.type == "tr_open"
    return re.sub(r"\s*\n\s*", "\n", "".join(parts)).strip()


def _minutes(text: str) -> int:
    """People read about 400 Chinese characters, or 200 words, a minute."""
    return max(1, math.ceil(len(HAN.findall(text)) / 400 + len(WORD.findall(HAN.sub(" ", text))) / 200))


Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]


def _block_open(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    token = tokens[place]
    if token.info in CALLOUTS:
        style = "" if token.info == "info" else f" {token.info}"
        return f'<div class="callout{style}"><i data-icon="{CALLOUT_ICONS[token.info]}"></i><div>\n'
    if token.info in TABS:
        number, title = token.meta["id"], escape(token.meta["title"])
        return (
            f'<div role="tabpanel" id="s-panel-{number}" aria-labelledby="s-tab-{number}">'
            f'<p class="panel-title">{title}</p>\n'
        )
    return ""


def _block_close(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    name = tokens[place].info
    return "</div></div>\n" if name in CALLOUTS else "</div>\n" if name in TABS else ""


def _switch_open(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    label = escape(gettext("Where you do this"))
    return (
        f'<div class="switch"><div class="tabs" role="tablist" aria-label="{label}">'
        + "".join(
            f'<button type="button" role="tab" id="s-tab-{tab["id"]}" aria-controls="s-panel-{tab["id"]}" '
            f'aria-selected="{"true" if number == 0 else "false"}"><i class="small" data-icon="{TAB_ICONS[tab["name"]]}"></i>'
            f"{escape(tab['title'])}</button>"
            for number, tab in enumerate(tokens[place].meta["tabs"])
        )
        + "</div>\n"
    )


def _switch_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: EnvType) -> str:
    return "</div>\n"


def _table_open(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    label = escape(tokens[place].meta["label"] or gettext("Table"))
    return (
        f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0"><table class="table">\n'
    )


def _table_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: EnvType) -> str:
    return "</table></div>\n"


RULES: dict[str, Rule] = {
    "block_open": _block_open,
    "block_close": _block_close,
    "switch_open": _switch_open,
    "switch_close": _switch_close,
    "table_open": _table_open,
    "table_close": _table_close,
}
