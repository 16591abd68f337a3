"""Pictures are written anew from their pixels: where, when and with what they were taken is not kept, nor what rode along."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from kefu.safety.files.kinds import BadFile, Problem

# A phone's largest photos have about so many, and can be unpacked smaller; of other kinds long screenshots are the largest.
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000}
MOST_PIXELS_OF_OTHERS = 30_000_000
# Enough to read every word of a long screenshot; what is larger is made smaller.
KEPT_PIXELS = 16_000_000
LONGEST_SIDE = 40_000
SMALL_SIDE = 640
# Of a very long or very wide picture the small one shows the beginning.
STEEPEST = 2.0
LARGEST_PROFILE = 1024 * 1024
QUALITY = 88
# Of PNGs with sixteen bits for each pixel, as scanners write them.
DEEP_GREYS = {"I", "I;16", "I;16B"}
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())

OPENED = ("JPEG", "PNG", "GIF", "WEBP")
# Of what moves only the first picture is kept, and of an MPO: a JPEG of many phones, with smaller ones behind it.
WRITTEN_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": QUALITY, "progressive": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": QUALITY, "method": 3},
}


@dataclass(frozen=True)
class Picture:
    """Clean bytes, and a small one (WebP) for lists."""

    content: bytes
    content_type: str
    width: int
    height: int
    small: bytes


def clean_picture(path: Path) -> Picture:
    """Read a picture and write it anew, upright, in the colours of the web. Raises BadFile."""
    try:
        with Image.open(path, formats=OPENED) as opened:
            _measure(opened)
            written_as = WRITTEN_AS[str(opened.format)]
            picture = _pixels(opened)
        content = _written(picture, written_as)
        small = _written(_small(picture), "WEBP")
    except BadFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(Problem.TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001 - what a decoder raises about hostile bytes is anybody's guess
        raise BadFile(Problem.BROKEN) from None
    return Picture(content, f"image/{written_as.lower()}", picture.width, picture.height, small)


def _measure(picture: Image.Image) -> None:
    """From the header alone, before anything is unpacked."""
    most = MOST_PIXELS.get(str(picture.format), MOST_PIXELS_OF_OTHERS)
    if picture.width * picture.height > most or max(picture.size) > LONGEST_SIDE:
        raise BadFile(Problem.TOO_MANY_PIXELS)


def _pixels(opened: Image.Image) -> Image.Image:
    share = (KEPT_PIXELS / (opened.width * opened.height)) ** 0.5
    if share < 1:
        # A JPEG can be unpacked at a half or a quarter, which saves the memory of the whole.
        opened.draft(None, (int(opened.width * share), int(opened.height * share)))
    ImageOps.exif_transpose(opened, in_place=True)
    picture = _in_web_colours(_shallow(opened) if opened.mode in DEEP_GREYS else opened)
    share = (KEPT_PIXELS / (picture.width * picture.height)) ** 0.5
    if share < 1:
        size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    # Comments, profiles and the like would be written again from here.
    picture.info.clear()
    return picture


def _shallow(grey: Image.Image) -> Image.Image:
    """Eight bits of each sixteen; Pillow by itself makes white of all but the darkest."""
    see_through = grey.info.pop("transparency", None)
    shallow = grey.point(lambda depth: depth * (1 / 256)).convert("L")
    if see_through is not None:
        shallow.info["transparency"] = see_through // 256
    return shallow


def _in_web_colours(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile", b"")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and len(profile) <= LARGEST_PROFILE and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.copy() if picture.mode == mode else picture.convert(mode)


def _small(picture: Image.Image) -> Image.Image:
    width = min(picture.width, round(picture.height * STEEPEST))
    height = min(picture.height, round(picture.width * STEEPEST))
    small = picture.crop((0, 0, max(1, width), max(1, height)))
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return small


def _written(picture: Image.Image, written_as: str) -> bytes:
    if written_as == "JPEG" and picture.mode != "RGB":
        picture = picture.convert("RGB")
    into = BytesIO()
    picture.save(into, written_as, **OPTIONS[written_as])
    return into.getvalue()
