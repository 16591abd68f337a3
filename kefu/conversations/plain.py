"""A thread without script, as the customer reads it: from the same snapshot and parts as thread.js."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from kefu.conversations.parts import fill, inside, made, words
from kefu.conversations.plain_files import with_tiles
from kefu.conversations.written import written
from kefu.ui.moments import day_name

Drawn = Mapping[str, Any]
HEADER = re.compile(r"<header>.*?</header>", re.DOTALL)


def plain_thread(events: Sequence[Drawn], cursors: Sequence[Drawn], now: datetime) -> SafeString:
    """Events and cursors as `snapshot()` gives them to a customer; times are in Django's current zone."""
    pieces = list(_pieces(events, cursors, now))
    return format_html_join("\n", "{}", ((piece,) for piece in pieces))


def _pieces(events: Sequence[Drawn], cursors: Sequence[Drawn], now: datetime) -> Iterator[SafeString]:
    day, before = "", None
    for event in events:
        at = datetime.fromisoformat(event["at"])
        label = day_name(at, now)
        if label != day:
            day, before = label, None
            mark = made("day", date=label)
            # The day mark keeps the moment for machines, as the module's does.
            yield mark_safe(str(mark).replace("<time ", f'<time datetime="{at.isoformat()}" ', 1))  # noqa: S308
        message = event.get("message")
        if message is not None:
            yield from _message(message, before, cursors)
            before = message
        elif (line := _happened(event)) is not None:
            yield line
            before = None


def _message(message: Drawn, before: Drawn | None, cursors: Sequence[Drawn]) -> Iterator[SafeString]:
    name = _heading(message, before)
    text = made("erased") if message["erased"] else written(message["text"], message["secrets"])
    whole = made(
        "message-mine" if message["mine"] else "message-theirs",
        name=name,
        initial=name[:1],
        text=text or "",
        foot=_foot(message, cursors),
    )
    headed = whole if name else mark_safe(HEADER.sub("", str(whole), count=1))  # noqa: S308
    yield with_tiles(headed or mark_safe(""), message["files"], has_words=bool(text))
    if message["mine"] and message["secrets"]:
        yield _advice(message["secrets"])


def _heading(message: Drawn, before: Drawn | None) -> str:
    """Who said it; "" for one's own words, and below others of the same person."""
    author = message["author"]
    if message["mine"] or (before and _author(before) == _author(message)):
        return ""
    return author["name"] or words("visitor")


def _author(message: Drawn) -> tuple[str, str]:
    return message["author"]["kind"], message["author"]["name"]


def _foot(message: Drawn, cursors: Sequence[Drawn]) -> SafeString:
    at = timezone.localtime(datetime.fromisoformat(message["at"]))
    pieces = [made("time", time=f"{at:%H:%M}")]
    if message["edited"]:
        pieces.append(made("edited"))
    if message["mine"]:
        pieces.append(inside(f"status-{_fate(message, cursors)}"))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _fate(message: Drawn, cursors: Sequence[Drawn]) -> str:
    theirs = [cursor for cursor in cursors if cursor["who"]["kind"] == "agent"]
    if any(cursor["seen"] >= message["seq"] for cursor in theirs):
        return "seen"
    return "delivered" if any(cursor["delivered"] >= message["seq"] for cursor in theirs) else "sent"


def _advice(secrets: Sequence[str]) -> SafeString:
    known = [made(f"advice-{kind}") for kind in dict.fromkeys(secrets)]
    note = made("secret-note", advice=format_html_join("", "{}", ((one,) for one in known if one)))
    return note or mark_safe("")


def _happened(event: Drawn) -> SafeString | None:
    """A line in the middle; None where the customer has no words for it."""
    name = _line(event)
    line = name and (made(f"{name}-customer") or made(name))
    if not line:
        return None
    agent, by = event.get("agent") or {}, event.get("by") or {}
    said = written(event.get("text", ""), event.get("secrets", []))
    return fill(line, {"agent": agent.get("name", ""), "by": by.get("name", ""), "words": said})


def _line(event: Drawn) -> str:
    by = event.get("by")
    match event["kind"]:
        case "assigned":
            agent = event["agent"]
            if not agent:
                return "released"
            return (
                "joined" if not by or (by["id"], by["name"]) == (agent["id"], agent["name"]) else "assigned"
            )
        case "resolved":
            return "resolved-by" if by else "resolved"
        case "reopened":
            return "reopened-by" if by and by["kind"] == "agent" else "reopened"
        case "rated":
            return f"rated-{event['verdict']}"
        case "explained":
            return "explained" if event["text"] else ""
        case "opened":
            return "opened"
    return ""
