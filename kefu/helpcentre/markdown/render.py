"""From an author's Markdown to the HTML that is stored: tokens, the design's shape, then a cleaner that trusts nobody.

HTML in the source is text. Links go to https, to mail, to this page, or to a page of ours by name (`article:slug`, `chat:`,
`contact:`), which the caller turns into an address. Pictures are ours, by key (`![what it shows](image:key)`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import nh3
from django.utils.html import escape
from django.utils.translation import gettext, gettext_noop, override
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from kefu.helpcentre.markdown.containers import CALLOUTS, TABS, containers
from kefu.helpcentre.markdown.emphasis import eastern_emphasis
from kefu.helpcentre.markdown.pictures import ADDRESS, Shown, place_picture
from kefu.helpcentre.markdown.problems import BadMarkdown
from kefu.helpcentre.markdown.shape import Heading, line_of, plain, shape

# Part of each article's digest: a change here draws all of them anew at the next import.
VERSION = 3
LONGEST = 100_000
CALLOUT_ICONS = {"care": "warning", "info": "note", "tool": "bolt"}
TAB_ICONS = {"web": "globe", "app": "app"}
OWN_LINK = re.compile(r"(?P<kind>article|chat|contact):(?P<name>[a-z0-9-]*)$")
FINE_LINK = re.compile(r"(https://|mailto:|#)[^\s]+$")
HAN = re.compile("[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9']+")
TAGS = {
    "a", "b", "blockquote", "br", "button", "code", "div", "em", "h2", "h3", "hr", "i", "img", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "rel"},
    "button": {"type", "role", "aria-controls", "aria-selected"},
    "div": {"role", "aria-label", "aria-labelledby", "tabindex"},
    "i": {"data-icon"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
}
BLOCKS = {"paragraph_close", "heading_close", "list_item_close", "tr_close", "block_close"}


@dataclass(frozen=True)
class Rendered:
    """HTML to store, the words to search, the contents list, and the minutes that reading takes."""

    html: str
    text: str
    contents: tuple[Heading, ...]
    minutes: int


def no_pictures(_key: str) -> Shown | None:
    return None


def render(
    source: str,
    *,
    language: str,
    address: Callable[[str, str], str],
    picture: Callable[[str], Shown | None] = no_pictures,
) -> Rendered:
    """Draw an article; `address(kind, name)` gives the path of a page of ours, `picture(key)` a picture of our store.

    Raises BadMarkdown with what to mend and where.
    """
    if len(source) > LONGEST:
        raise BadMarkdown(
            gettext_noop("The text is longer than %(longest)s characters."), longest=f"{LONGEST:,}"
        )
    md = _markdown()
    tokens, contents = shape(md.parse(source))
    for inline in tokens:
        _address_inside(inline, address, picture)
    with override(language):
        drawn = md.renderer.render(tokens, md.options, {})
    text = _text(tokens)
    return Rendered(with_attributes(drawn, _only_ours), text, tuple(contents), _minutes(text))


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("table").use(eastern_emphasis).use(containers)
    for name, rule in RULES.items():
        md.add_render_rule(name, rule)
    return md


def _address_inside(
    inline: Token, address: Callable[[str, str], str], picture: Callable[[str], Shown | None]
) -> None:
    try:
        for token in inline.children or []:
            if token.type == "link_open":
                _address_link(token, address)
            elif token.type == "image":
                place_picture(token, picture)
    except BadMarkdown as bad:
        bad.line = bad.line or line_of(inline)
        raise


def _address_link(token: Token, address: Callable[[str, str], str]) -> None:
    href = str(token.attrGet("href") or "")
    own = OWN_LINK.match(href)
    if own:
        token.attrSet("href", address(own["kind"], own["name"]))
    elif not FINE_LINK.match(href):
        raise BadMarkdown(
            gettext_noop(
                "A link goes to “%(href)s”; links go to https://, mailto:, #part, article:…, chat: or contact:."
            ),
            href=href,
        )
    elif href.startswith("#"):
        token.attrSet("href", f"#s-{href[1:]}")
    elif href.startswith("https:"):
        token.attrSet("rel", "noopener noreferrer")


def _only_ours(tag: str, name: str, value: str) -> str | None:
    """A picture from anywhere else would tell its owner who reads what."""
    return value if (tag, name) != ("img", "src") or ADDRESS.fullmatch(value) else None


def with_attributes(html: str, change: Callable[[str, str, str], str | None]) -> str:
    """Drawn HTML with each attribute as `change(tag, name, value)` has it, None for gone. What stands in the text stays."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel=None,
        strip_comments=True,
        attribute_filter=change,
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
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


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
