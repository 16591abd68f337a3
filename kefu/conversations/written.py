"""Text as people wrote it, as markup: paragraphs, links, and chips where the guard took something out. As text.js does it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kefu.conversations.parts import made, words

PIECE = re.compile(
    r"⟦secret:([a-z_]+)⟧|https?://[^\s<>\"'`⟦⟧，。；：！？（）「」『』【】《》、]+", re.IGNORECASE
)
TRAILING = re.compile(r"[.,;:!?*_~]+$")
PARAGRAPH = re.compile(r"\n{2,}")


def written(text: str, secrets: Sequence[str] = ()) -> SafeString:
    """What belongs inside a bubble. `secrets` are the kinds that the guard found; no other chip is believed."""
    paragraphs = [paragraph for paragraph in PARAGRAPH.split(text) if paragraph.strip()]
    if len(paragraphs) < 2:  # noqa: PLR2004 - one paragraph needs no element
        return _inline(text.strip(), secrets)
    return format_html_join("", "<p>{}</p>", ((_inline(one, secrets),) for one in paragraphs))


def _inline(text: str, secrets: Sequence[str]) -> SafeString:
    lines = (mark_safe("".join(_pieces(line, secrets))) for line in text.split("\n"))  # noqa: S308
    return mark_safe("<br>".join(lines))  # noqa: S308


def _pieces(line: str, secrets: Sequence[str]) -> Iterator[str]:
    at = 0
    for match in PIECE.finditer(line):
        shown = match[0] if match[1] else _balanced(TRAILING.sub("", match[0]))
        node = _chip(match[1], secrets) if match[1] else _link(shown)
        if node is None:
            continue
        yield escape(line[at : match.start()])
        yield node
        at = match.start() + len(shown)
    yield escape(line[at:])


def _chip(kind: str, secrets: Sequence[str]) -> SafeString | None:
    label = words(f"kind-{kind}") if kind in secrets else ""
    return made("secret", kind=label) if label else None


def _link(shown: str) -> SafeString | None:
    """A link that shows where it leads: an address with a name and password in it, or a host in disguise, stays text."""
    try:
        parts = urlsplit(shown)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    is_plain = host.isascii() and not any(label.startswith("xn--") for label in host.split("."))
    if not host or not is_plain or parts.username is not None or parts.password is not None:
        return None
    return format_html('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', shown)


def _balanced(address: str) -> str:
    """A bracket that was opened before the address began is not part of it."""
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = TRAILING.sub("", address[:-1])
    return address
