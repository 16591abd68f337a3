"""Whole addresses for what the console prints."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandParser


def add_url_option(parser: CommandParser) -> None:
    default = settings.PUBLIC_ORIGIN
    parser.add_argument(
        "--url", default=default, help=f"where this installation is reached (default {default})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")


def whole(path: str, url: str) -> str:
    return url.rstrip("/") + path
