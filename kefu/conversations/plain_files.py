"""The files of a message without script: the same tiles as files.js makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kefu.conversations.parts import made

Drawn = Mapping[str, Any]
KB, MB = 1024, 1024 * 1024
# In pixels; files.js has the same two.
LONGEST_SIDE = 280
STEEPEST = 2
LINKS = {"picture": "file-picture", "video": "file-video"}
BUBBLE = re.compile(r'<div class="bubble"[^>]*></div>')


def with_tiles(message: SafeString, files: Sequence[Drawn], *, has_words: bool) -> SafeString:
    """The message with its files above its foot; a bubble without words goes."""
    if not files:
        return message
    row = format_html('<div class="files">{}</div>', mark_safe("".join(_tile(file) for file in files)))  # noqa: S308
    whole = str(message) if has_words else BUBBLE.sub("", message, count=1)
    # Our own part's markup; what people wrote in it is escaped, so it holds no second footer.
    return mark_safe(whole.replace("<footer", f"{row}<footer", 1))  # noqa: S308


def size_words(size: int) -> str:
    return f"{max(1, round_half_up(size / KB))} KB" if size < MB else f"{size / MB:.1f} MB"


def round_half_up(value: float) -> int:
    """As Math.round does."""
    return int(value + 0.5)


def _tile(file: Drawn) -> str:
    if file["state"] != "ready":
        return _unready(file)
    address = f"/files/{file['key']}/content"
    link = made(LINKS.get(file["kind"], "file"), name=file["name"], note=size_words(file["size"])) or ""
    if file["kind"] != "picture":
        return _attributed(link, "a", {"href": address, "download": ""})
    size = _shown(file["width"], file["height"]) if file["width"] and file["height"] else {}
    picture = {"alt": file["name"], "src": f"/files/{file['key']}/small"}
    return _attributed(_attributed(link, "a", {"href": address}), "img", size | picture)


def _shown(width: int, height: int) -> dict[str, int]:
    """As large as it is shown. Of a very long or very wide picture the small one is the beginning."""
    across, down = min(width, STEEPEST * height), min(height, STEEPEST * width)
    scale = min(1, LONGEST_SIDE / across, LONGEST_SIDE / down)
    return {"width": round_half_up(across * scale), "height": round_half_up(down * scale)}


def _unready(file: Drawn) -> str:
    is_refused = file["state"] == "refused"
    note = made(f"file-problem-{file['problem']}") if is_refused else made("file-checking")
    tile = made(
        "file-refused" if is_refused else "file-unready",
        name=file["name"],
        note=note or made("file-problem-failed") or "",
    )
    return _attributed(tile or "", "div", {"title": size_words(file["size"])})


def _attributed(markup: str, tag: str, values: Mapping[str, object]) -> str:
    """The first element of that name with these attributes."""

    def put(match: re.Match[str]) -> str:
        inside = match[1]
        for name, value in values.items():
            written = f' {name}="{escape(value)}"'
            there = re.compile(rf' {name}="[^"]*"')
            inside = (
                there.sub(lambda _, text=written: text, inside) if there.search(inside) else inside + written
            )
        return f"<{tag}{inside}>"

    return re.sub(rf"<{tag}\b([^>]*)>", put, markup, count=1)
