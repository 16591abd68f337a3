"""What a file is, read from its first bytes. Its name and what the sender calls it count for nothing."""

from __future__ import annotations

import codecs
import re

from kefu.safety.files.kinds import BadFile, FileKind, Found, Problem

# So many bytes are enough to tell.
HEAD = 4096
SIGNATURES = (
    (b"\xff\xd8\xff", Found(FileKind.PICTURE, "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Found(FileKind.PICTURE, "image/png")),
    (b"GIF87a", Found(FileKind.PICTURE, "image/gif")),
    (b"GIF89a", Found(FileKind.PICTURE, "image/gif")),
    (b"%PDF-", Found(FileKind.PDF, "application/pdf")),
)
# Major brands of ISO media files (ISO/IEC 14496-12, 4.3) that phones and screen recorders write. Those of pictures (heic,
# avif) are not among them.
MP4_BRANDS = re.compile(rb"iso[m2-9]|mp4[12]|avc1|M4V[ HP]|MSNV|dash|3g[p2][\w]|cmfc|F4V ")
# The element DocType (RFC 8794, 11.2.7) with a length of four.
WEBM_DOCTYPE = b"\x42\x82\x84webm"
# Control characters of no text: all but tab, line ends, form feed and escape, which terminal logs hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# What is no UTF-8 may be of the Chinese mainland, of Taiwan or of Hong Kong; many bytes are text in all of them.
UTF_8, OTHERS = "utf-8-sig", ("gb18030", "cp950", "big5hkscs")


def kind_of(head: bytes) -> Found:
    """By the first bytes of a file, at most HEAD of them. Raises BadFile."""
    if not head:
        raise BadFile(Problem.EMPTY)
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Found(FileKind.PICTURE, "image/webp")
    found_video = _video(head)
    if found_video:
        return found_video
    readings_of(head, is_whole=False)
    return Found(FileKind.TEXT, "text/plain")


def _video(head: bytes) -> Found | None:
    if head[4:8] == b"ftyp":
        if head[8:12] == b"qt  ":
            return Found(FileKind.VIDEO, "video/quicktime")
        if MP4_BRANDS.fullmatch(head[8:12]):
            return Found(FileKind.VIDEO, "video/mp4")
        raise BadFile(Problem.KIND)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        if WEBM_DOCTYPE in head[:64]:
            return Found(FileKind.VIDEO, "video/webm")
        raise BadFile(Problem.KIND)
    return None


def readings_of(content: bytes, *, is_whole: bool = True) -> list[str]:
    """Every text that a text file may be; its head may end within a character. Raises BadFile for what is none, or is markup.

    Markup is text too, but nobody needs to send a page or an SVG picture to support, and both can hold scripts.
    """
    text = _read_as(UTF_8, content, is_whole=is_whole)
    readings = [text] if text is not None else _other_readings(content, is_whole=is_whole)
    if not readings or any(CONTROL.search(text) or text.lstrip().startswith("<") for text in readings):
        raise BadFile(Problem.KIND)
    return readings


def _other_readings(content: bytes, *, is_whole: bool) -> list[str]:
    """Each text once."""
    texts = [_read_as(encoding, content, is_whole=is_whole) for encoding in OTHERS]
    return list(dict.fromkeys(text for text in texts if text is not None))


def _read_as(encoding: str, content: bytes, *, is_whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content, final=is_whole)
    except UnicodeDecodeError:
        return None
