from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.helpcentre.markdown import BadMarkdown, render
from kefu.helpcentre.markdown.pictures import Shown
from kefu.helpcentre.markdown.render import TAGS, _only_ours, with_attributes
from kefu.helpcentre.templatetags.helpcentre import drawn
from tests.seeds import examples

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><use href='data:image/svg+xml,x'/></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](<javascript:alert(1)>)",
    "![x](javascript:alert(1))",
    "![x](https://tracker.example/pixel.png)",
    "![x](image:deposit-page)",
    '![x"onerror="alert(1)](image:deposit-page)',
    "![<svg onload=alert(1)>](image:deposit-page 'x\" onerror=alert(1)')",
    "![x](image:deposit-page/../../../etc)",
    "![x](/pictures/../x)",
    "[![x](image:deposit-page)](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://e.example "onmouseover=alert(1)")',
    "::: web <img src=x onerror=alert(1)>\nx\n:::",
    '::: table "><script>alert(1)</script>\n| a |\n|---|\n| b |\n:::',
    "## <b onclick=alert(1)>x</b> {#x}",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '<i data-icon="warning"></i>',
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://evil.example><input name=password></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]
SAFE_LINK = re.compile(r"(https://|mailto:|#|/)")


def _render(source: str) -> str:
    try:
        return render(source, language="en", address=lambda *_: "/").html
    except BadMarkdown:
        return ""


def test_a_picture_has_our_own_source_and_nothing_of_its_authors_but_words() -> None:
    shown = Shown(f"/pictures/{'0a' * 16}", 3, 2)
    allowed = {"src", "alt", "width", "height", "loading"}
    for attack in ATTACKS:
        try:
            html = render(attack, language="en", address=lambda *_: "/", picture=lambda _: shown).html
        except BadMarkdown:
            continue
        page = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
        for one in page.iter("img"):
            assert set(one.attrib) == allowed, attack
            assert one.attrib["src"] == shown.address
    assert (
        "<img" in render("![x](image:a)", language="en", address=lambda *_: "/", picture=lambda _: shown).html
    )


def _is_harmless(html: str) -> bool:
    page = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in page.iter():
        if element is page:
            continue
        if element.tag not in TAGS or any(
            name.startswith("on") or name in {"style", "src"} for name in element.attrib
        ):
            return False
        href = element.get("href")
        if href is not None and not SAFE_LINK.match(href):
            return False
    return True


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_an_author_writes_cannot_run(attack: str) -> None:
    assert _is_harmless(_render(attack))
    assert _is_harmless(_render(f"Lead.\n\n::: care\n{attack}\n:::"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_cleaner_alone_would_also_do(attack: str) -> None:
    assert _is_harmless(with_attributes(attack, _only_ours))


def test_an_icon_that_an_author_types_is_text() -> None:
    assert "<svg" not in drawn(_render('<i data-icon="warning"></i>'))


def test_an_author_cannot_take_the_addresses_of_the_page() -> None:
    html = _render("## x {#main}\n\n## y {#q}\n")

    assert set(re.findall(r'id="([^"]*)"', html)) == {"s-main", "s-q"}


@pytest.mark.parametrize(
    "source",
    [
        ">" * 5_000 + " x",
        "- " * 2_000 + "x",
        "[" * 5_000,
        "*" * 5_000 + "a",
        "**a" * 3_000,
        "`" * 5_000,
        "(" * 5_000,
        "::: care\n" * 500,
    ],
)
def test_deep_nesting_ends_soon_and_harmlessly(source: str) -> None:
    assert _is_harmless(_render(source))


@settings(max_examples=examples(150))
@given(st.text(alphabet="<>\"'`*_[]()#:!|-\n &;/\\=javscript:onld重要：{}", max_size=120))
def test_whatever_is_typed_is_harmless(source: str) -> None:
    assert _is_harmless(_render(source))
