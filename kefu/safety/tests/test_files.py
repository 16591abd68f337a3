"""What files are, by their content; what is taken out of them; and that hostile ones are refused or harmless."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from kefu.safety.files import pictures, videos
from kefu.safety.files.kinds import EXTENSIONS, BadFile, FileKind, Problem
from kefu.safety.files.names import LONGEST_NAME, clean_name, true_name
from kefu.safety.files.pictures import clean_picture
from kefu.safety.files.sniffing import kind_of, readings_of
from kefu.safety.files.videos import clean_video
from kefu.safety.tests.files import (
    HTML,
    PDF,
    PLACE,
    SCRIPT,
    SVG,
    box,
    photo_with_index,
    photo_with_place,
    picture,
    png_of,
    video,
)

WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "kind", "content_type"),
    [
        (picture("PNG"), FileKind.PICTURE, "image/png"),
        (picture("JPEG"), FileKind.PICTURE, "image/jpeg"),
        (picture("GIF"), FileKind.PICTURE, "image/gif"),
        (picture("WEBP"), FileKind.PICTURE, "image/webp"),
        (PDF, FileKind.PDF, "application/pdf"),
        (video(), FileKind.VIDEO, "video/mp4"),
        (box(b"ftyp", b"qt  \0\0\0\0"), FileKind.VIDEO, "video/quicktime"),
        (WEBM, FileKind.VIDEO, "video/webm"),
        ("充值记录\n2026-11-24\tTRC20\n".encode(), FileKind.TEXT, "text/plain"),
        ("充值记录".encode("gb18030"), FileKind.TEXT, "text/plain"),
        ("加值紀錄".encode("cp950"), FileKind.TEXT, "text/plain"),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", FileKind.TEXT, "text/plain"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: FileKind, content_type: str) -> None:
    found = kind_of(content[:4096])

    assert (found.kind, found.content_type) == (kind, content_type)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (SVG, Problem.KIND),
        (b"\xef\xbb\xbf \n" + HTML, Problem.KIND),
        (SCRIPT, Problem.KIND),
        (b"MZ\x90\x00\x03", Problem.KIND),
        (b"\x7fELF\x02\x01\x01\x00", Problem.KIND),
        (b"PK\x03\x04\x14\x00\x00\x00", Problem.KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Problem.KIND),
        (box(b"ftyp", b"heic\0\0\0\0"), Problem.KIND),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", Problem.KIND),
        (b"RIFF\x00\x00\x00\x00WAVE", Problem.KIND),
        (b"BM" + bytes(60), Problem.KIND),
        ("text".encode("utf-16"), Problem.KIND),
    ],
)
def test_what_is_none_of_ours_is_refused_whatever_its_name(content: bytes, problem: Problem) -> None:
    with pytest.raises(BadFile) as refused:
        kind_of(content)

    assert refused.value.problem is problem


def test_a_head_may_end_within_a_character_and_a_whole_text_may_not() -> None:
    content = "提现".encode()[:-1]

    assert kind_of(content).kind is FileKind.TEXT
    with pytest.raises(BadFile):
        readings_of(b"\x81")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "cp950", "big5hkscs"])
def test_a_text_is_read_in_the_encoding_that_it_was_written_in_among_others(encoding: str) -> None:
    content = "登入密碼：Abc12345".encode(encoding)

    assert "登入密碼：Abc12345" in readings_of(content)
    assert len(readings_of(content)) == (1 if encoding.startswith("utf") else 2)


def test_a_photo_forgets_where_and_with_what_it_was_taken_and_stands_upright(tmp_path: Path) -> None:
    photo = photo_with_place()
    assert PLACE.encode() in photo

    cleaned = clean_picture(stored(tmp_path, photo))

    for content in (cleaned.content, cleaned.small):
        assert PLACE.encode() not in content
        assert b"PhoneMaker" not in content
        with Image.open(BytesIO(content)) as opened:
            assert not opened.getexif()
            assert set(opened.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
                "loop",
                "background",
                "timestamp",
                "duration",
            }
    assert (cleaned.width, cleaned.height) == (60, 80)
    with Image.open(BytesIO(cleaned.content)) as opened:
        top = opened.convert("RGB").getpixel((30, 10))
    assert isinstance(top, tuple)
    assert top[2] > 150 > top[0]


@pytest.mark.parametrize("kept_pixels", [16_000_000, 1_200])
def test_of_a_photo_with_an_index_of_pictures_the_first_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_pixels: int
) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", kept_pixels)
    photo = photo_with_index()
    assert PLACE.encode() in photo

    cleaned = clean_picture(stored(tmp_path, photo))

    assert cleaned.content_type == "image/jpeg"
    assert (cleaned.width, cleaned.height) in {(60, 80), (30, 40)}
    assert PLACE.encode() not in cleaned.content + cleaned.small
    with Image.open(BytesIO(cleaned.content)) as opened:
        colour = opened.convert("RGB").getpixel((10, 10))
        assert (opened.format, opened.getexif()) == ("JPEG", {})
    assert isinstance(colour, tuple)
    assert colour[0] > 150 > colour[2]


def test_an_index_of_pictures_may_have_as_many_pixels_as_another_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS_OF_OTHERS", 100)

    assert clean_picture(stored(tmp_path, photo_with_index())).width == 60


def test_the_colours_of_another_profile_become_the_webs(tmp_path: Path) -> None:
    into = BytesIO()
    Image.new("CMYK", (40, 40), (0, 255, 255, 0)).save(into, "JPEG")

    cleaned = clean_picture(stored(tmp_path, into.getvalue()))

    with Image.open(BytesIO(cleaned.content)) as opened:
        assert opened.mode == "RGB"


@pytest.mark.parametrize(
    "passenger", [HTML, SVG, b"PK\x03\x04" + SCRIPT, PDF], ids=["html", "svg", "zip", "pdf"]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_rides_on_a_picture_is_left_behind(tmp_path: Path, kind: str, passenger: bytes) -> None:
    options = {"comment": passenger} if kind in {"GIF", "JPEG"} else {}

    cleaned = clean_picture(stored(tmp_path, picture(kind, **options) + passenger))

    assert b"<script" not in cleaned.content
    assert passenger not in cleaned.content + cleaned.small


@pytest.mark.parametrize("orientation", [1, 3])
def test_a_grey_of_sixteen_bits_stays_grey(tmp_path: Path, orientation: int) -> None:
    deep = Image.new("I;16", (4, 1))
    for x, depth in enumerate((0, 0x4000, 0x80FF, 0xFFFF)):
        deep.putpixel((x, 0), depth)
    exif = Image.Exif()
    exif[0x0112] = orientation
    into = BytesIO()
    deep.save(into, "PNG", exif=exif)

    cleaned = clean_picture(stored(tmp_path, into.getvalue()))

    with Image.open(BytesIO(cleaned.content)) as opened:
        greys = [opened.convert("L").getpixel((x, 0)) for x in range(4)]
    assert greys == ([0, 0x40, 0x80, 0xFF] if orientation == 1 else [0xFF, 0x80, 0x40, 0])


def test_of_a_grey_of_sixteen_bits_one_depth_may_be_see_through(tmp_path: Path) -> None:
    deep = Image.new("I;16", (2, 1), 0xFFFF)
    deep.putpixel((0, 0), 0x80FF)
    into = BytesIO()
    deep.save(into, "PNG", transparency=0x80FF)

    cleaned = clean_picture(stored(tmp_path, into.getvalue()))

    with Image.open(BytesIO(cleaned.content)) as opened:
        shown = [opened.convert("RGBA").getpixel((x, 0)) for x in range(2)]
    assert shown == [(0x80, 0x80, 0x80, 0), (255, 255, 255, 255)]


def test_transparency_stays_and_a_moving_picture_keeps_its_first(tmp_path: Path) -> None:
    see_through = clean_picture(stored(tmp_path, picture("PNG", colour=(0, 0, 0, 0))))
    into = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(into, "GIF", save_all=True, append_images=frames[1:], duration=100)

    still = clean_picture(stored(tmp_path, into.getvalue()))

    with Image.open(BytesIO(see_through.content)) as opened:
        assert opened.convert("RGBA").getpixel((1, 1)) == (0, 0, 0, 0)
    assert still.content_type == "image/png"
    with Image.open(BytesIO(still.content)) as opened:
        assert opened.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (png_of(60_000, 60_000), Problem.TOO_MANY_PIXELS),
        (png_of(1_000_000_000, 1), Problem.TOO_MANY_PIXELS),
        (png_of(45_000, 10), Problem.TOO_MANY_PIXELS),
        (png_of(7_000, 7_000), Problem.TOO_MANY_PIXELS),
        (png_of(2_000, 2_000), Problem.BROKEN),
        (png_of(0, 0), Problem.BROKEN),
        (picture("JPEG", (600, 600))[:-300], Problem.BROKEN),
        (b"\x89PNG\r\n\x1a\n", Problem.BROKEN),
        (b"\xff\xd8\xff" + HTML, Problem.BROKEN),
        (b"GIF89a" + SCRIPT, Problem.BROKEN),
    ],
)
def test_bombs_and_broken_pictures_are_refused(tmp_path: Path, content: bytes, problem: Problem) -> None:
    with pytest.raises(BadFile) as refused:
        clean_picture(stored(tmp_path, content))

    assert refused.value.problem is problem


def test_a_bomb_is_refused_before_a_pixel_is_unpacked(tmp_path: Path) -> None:
    """Thirty megabytes of zeros are thirty kilobytes of file."""
    bomb = png_of(100_000, 10_000, bytes(30_000_000))
    assert len(bomb) < 100_000

    with pytest.raises(BadFile) as refused:
        clean_picture(stored(tmp_path, bomb))

    assert refused.value.problem is Problem.TOO_MANY_PIXELS


def test_a_picture_of_another_kind_behind_our_signature_is_not_opened(tmp_path: Path) -> None:
    """Pillow knows dozens of formats; it may use only four of them here."""
    into = BytesIO()
    Image.new("RGB", (10, 10)).save(into, "TIFF")

    with pytest.raises(BadFile):
        clean_picture(stored(tmp_path, into.getvalue()))


def test_a_very_large_photo_becomes_smaller_and_a_long_screenshot_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", 40_000)

    photo = clean_picture(stored(tmp_path, picture("JPEG", (400, 300))))
    long = clean_picture(stored(tmp_path, picture("PNG", (100, 5_000))))

    assert photo.width * photo.height <= 40_000
    assert long.width > 25
    with Image.open(BytesIO(long.small)) as small:
        assert small.height == 2 * small.width


def test_a_video_forgets_where_it_was_taken_and_keeps_its_length(tmp_path: Path) -> None:
    path = stored(tmp_path, video())

    clean_video(path)

    content = path.read_bytes()
    assert PLACE.encode() not in content
    assert len(content) == len(video())
    assert kind_of(content[:4096]).content_type == "video/mp4"


@pytest.mark.parametrize(
    "content",
    [
        box(b"ftyp", b"isom") + b"\xff\xff\xff\xffmoov",
        box(b"ftyp", b"isom") + b"\x00\x00\x00\x04moov" + bytes(8),
        box(b"ftyp", b"isom") + b"\x00\x00\x00\x01moov" + b"\xff" * 8,
    ],
)
def test_a_video_whose_boxes_lie_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        clean_video(stored(tmp_path, content))

    assert refused.value.problem is Problem.BROKEN


def test_a_long_video_in_fragments_is_taken(tmp_path: Path) -> None:
    fragments = (box(b"moof", bytes(8)) + box(b"mdat", bytes(8))) * 3 * 60 * 60
    path = stored(tmp_path, video() + fragments)

    clean_video(path)

    content = path.read_bytes()
    assert PLACE.encode() not in content
    assert content.endswith(fragments)


@pytest.mark.parametrize("parent", [b"moov", b"free"])
def test_a_video_of_nothing_but_boxes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: bytes
) -> None:
    monkeypatch.setattr(videos, "MOST_BOXES", 1_000)
    boxes = box(b"free") * 1_001

    with pytest.raises(BadFile) as refused:
        clean_video(
            stored(tmp_path, box(b"ftyp", b"isom") + (box(b"moov", boxes) if parent == b"moov" else boxes))
        )

    assert refused.value.problem is Problem.BROKEN


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("转出记录截图.png", "转出记录截图.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u2067evil\u2069\u200f.png", "evil.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
        ('"><img src=x onerror=alert(1)>.png', "___img src=x onerror=alert(1)_.png"),
        ("nul\x00.png", "_nul.png"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("\u200b\u200e", "file"),
        ("  a   b .png ", "a b .png"),
        ("\ud800.png", "png"),
    ],
)
def test_a_name_loses_whatever_could_mislead(raw: str, shown: str) -> None:
    assert clean_name(raw) == shown


def test_a_very_long_name_keeps_its_ending() -> None:
    assert clean_name("长" * 500 + ".jpeg").endswith("长.jpeg")
    assert len(clean_name("长" * 500 + ".jpeg")) == LONGEST_NAME
    assert len(clean_name("a." + "b" * 500)) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("name", "content_type", "told"),
    [
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("photo.png", "image/jpeg", "photo.jpg"),
        ("statement.pdf.exe", "application/pdf", "statement.pdf.exe.pdf"),
        ("page.html", "image/png", "page.html.png"),
        ("notes", "text/plain", "notes.txt"),
        ("rows.csv", "text/plain", "rows.csv"),
        ("run.bat", "text/plain", "run.bat.txt"),
    ],
)
def test_the_ending_of_a_name_tells_the_content(name: str, content_type: str, told: str) -> None:
    assert true_name(name, content_type) == told


def test_every_kind_of_content_has_an_ending() -> None:
    assert {kind_of(content[:64]).content_type for content in (picture("PNG"), PDF, video(), WEBM)} <= set(
        EXTENSIONS
    )
