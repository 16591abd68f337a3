"""The kinds of files that we take, and the closed reasons why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    PICTURE = "picture"
    PDF = "pdf"
    TEXT = "text"
    VIDEO = "video"


class Problem(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    """Not a picture, PDF, text or video that we take, whatever its name says."""
    BROKEN = "broken"
    """It begins like one of ours and can't be read to its end."""
    TOO_MANY_PIXELS = "too_many_pixels"
    SECRET = "secret"  # noqa: S105 - a reason, not a secret
    """The guard found a seed phrase, a key, a password or a code in a text."""
    HARMFUL = "harmful"
    """The virus scanner knows it."""
    TOO_LARGE_TO_SCAN = "too_large_to_scan"


class BadFile(ValueError):
    """The file is refused; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Found:
    """What a file is by its content."""

    kind: FileKind
    content_type: str


# The ends of names that say the truth about a type; the first is what we write ourselves.
EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "application/pdf": ("pdf",),
    "text/plain": ("txt", "log", "csv", "tsv", "json", "md"),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov",),
    "video/webm": ("webm",),
}
