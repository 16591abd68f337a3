from __future__ import annotations

import time
from contextlib import suppress

import html5lib
import pytest

from kefu.helpcentre.markdown import BadMarkdown, render


def _render(source: str, language: str = "en") -> str:
    return render(source, language=language, address=lambda kind, name: f"/{kind}/{name}").html


@pytest.mark.parametrize(
    ("source", "bold"),
    [
        ("**注意：**请核对", "注意："),
        ("**“重要”**的事", "“重要”"),
        ("请看**「资产」**页", "「资产」"),
        ("金额**（含手续费）**是", "（含手续费）"),
        ("共**100%**到账", "100%"),
        ("**不要再充第二笔来「激活」。**没有任何充值", "不要再充第二笔来「激活」。"),
        ("先**撤销！**再改密码", "撤销！"),
        ("提現**「審核中」**時", "「審核中」"),
        ("He said **“no”** twice", "“no”"),
    ],
)
def test_bold_works_beside_full_width_punctuation(source: str, bold: str) -> None:
    assert f"<strong>{bold}</strong>" in _render(source)


@pytest.mark.parametrize(
    "source", ["2 * 3 * 4", "a ** b ** c", "snake_case_name", "文件 a_b_c 说明", "星 * 海"]
)
def test_what_is_no_emphasis_stays_as_typed(source: str) -> None:
    assert "<em>" not in _render(source)
    assert "<strong>" not in _render(source)


def test_the_first_paragraph_leads_and_lists_are_steps_or_dots() -> None:
    html = _render("Answer.\n\n1. one\n2. two\n\n- a\n- b\n")

    assert '<p class="lead">Answer.</p>' in html
    assert '<ol class="steps">' in html
    assert '<ul class="dots">' in html


def test_headings_have_addresses_and_make_the_contents_list() -> None:
    drawn = render(
        "## 一、先看 **这里** {#look}\n\n### 细节\n\n## Then\n", language="en", address=lambda *_: ""
    )

    assert [(one.id, one.title) for one in drawn.contents] == [("s-look", "先看 这里"), ("s-part-3", "Then")]
    assert '<h2 id="s-look">一、先看 <strong>这里</strong></h2>' in drawn.html
    assert '<h3 id="s-part-2">细节</h3>' in drawn.html


def test_callouts_have_their_icon_and_text_beside_it() -> None:
    html = _render("::: care\n**Stop.** Ask first.\n:::\n\n::: info\nx\n:::\n\n::: tool\ny\n:::\n")

    assert (
        '<div class="callout care"><i data-icon="warning"></i><div>\n<p><strong>Stop.</strong> Ask first.</p>'
        in html
    )
    assert '<div class="callout"><i data-icon="note"></i>' in html
    assert '<div class="callout tool"><i data-icon="bolt"></i>' in html


def test_steps_on_web_and_app_become_tabs_that_also_stand_without_script() -> None:
    page = html5lib.parse(
        _render(
            "::: web On the web\n1. a\n:::\n\n::: app In the app\n1. b\n:::\n\nBetween.\n\n::: web Again\nc\n:::\n"
        ),
        treebuilder="etree",
        namespaceHTMLElements=False,
    )

    tabs = page.findall(".//button[@role='tab']")
    panels = page.findall(".//div[@role='tabpanel']")
    assert [
        tab.text_content() if hasattr(tab, "text_content") else "".join(tab.itertext()) for tab in tabs
    ] == [
        "On the web",
        "In the app",
        "Again",
    ]
    assert [tab.get("aria-selected") for tab in tabs] == ["true", "false", "true"]
    assert [tab.get("aria-controls") for tab in tabs] == [panel.get("id") for panel in panels]
    assert [panel.get("aria-labelledby") for panel in panels] == [tab.get("id") for tab in tabs]
    assert [panel.findtext("p[@class='panel-title']") for panel in panels] == [
        "On the web",
        "In the app",
        "Again",
    ]
    assert all(panel.get("hidden") is None for panel in panels)
    assert len(page.findall(".//div[@role='tablist']")) == 2


def test_tables_scroll_in_a_named_region_and_say_what_is_a_heading() -> None:
    html = _render("::: table Confirmations\n| Network | Needed |\n|---|---:|\n| Bitcoin | 2 |\n:::\n")

    assert (
        '<div class="table-scroll" role="region" aria-label="Confirmations" tabindex="0"><table class="table">'
        in html
    )
    assert (
        '<th scope="col" class="num">Needed</th>' in html or '<th class="num" scope="col">Needed</th>' in html
    )
    assert '<th scope="row">Bitcoin</th>' in html
    assert '<td class="num">2</td>' in html
    assert "style=" not in html


def test_a_table_without_a_name_is_called_by_its_heading() -> None:
    assert 'aria-label="Limits"' in _render("## Limits\n\n| a |\n|---|\n| b |\n")


def test_links_go_to_our_pages_by_name_and_to_others_without_referrer() -> None:
    html = _render(
        "[a](article:some-article) [b](chat:) [c](https://e.example/x) [d](#look) [e](mailto:a@b.example)\n"
    )

    assert '<a href="/article/some-article">a</a>' in html
    assert '<a href="/chat/">b</a>' in html
    assert 'href="https://e.example/x"' in html
    assert 'rel="noopener noreferrer"' in html
    assert '<a href="#s-look">d</a>' in html
    assert '<a href="mailto:a@b.example">e</a>' in html


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("# Title\n", "levels"),
        ("#### Deep\n", "levels"),
        ("## A {#x}\n\n## B {#x}\n", "#x"),
        ("::: nonsense\n:::\n", "no block"),
        ("::: care Title\n:::\n", "takes no title"),
        ("::: web\n:::\n", "needs title"),
        ("::: care\nnever ends\n", "no “:::”"),
        ("[a](http://plain.example)\n", "A link goes"),
        ("[a](//evil.example)\n", "A link goes"),
        ("[a](/zh-hans/)\n", "A link goes"),
        ("x" * 100_001, "longer"),
    ],
)
def test_what_cannot_be_drawn_is_said_to_the_author(source: str, says: str) -> None:
    with pytest.raises(BadMarkdown, match=says):
        _render(source)


def test_reading_takes_minutes_by_letters_in_chinese_and_by_words_in_english() -> None:
    assert render("字" * 900, language="zh-hans", address=lambda *_: "").minutes == 3
    assert render("word " * 450, language="en", address=lambda *_: "").minutes == 3
    assert render("短。", language="zh-hans", address=lambda *_: "").minutes == 1


def test_the_words_to_search_are_what_is_read() -> None:
    drawn = render(
        "一 **二**\n\n::: web 网页\n1. 三\n:::\n\n| a | b |\n|---|---|\n| c | [d](chat:) |\n",
        language="en",
        address=lambda *_: "/",
    )

    assert drawn.text == "一 二\n三\na · b\nc · d"


@pytest.mark.slow
def test_a_long_table_is_drawn_in_time_that_grows_with_its_rows() -> None:
    def seconds(rows: int) -> float:
        began = time.thread_time()
        _render("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * rows)
        return time.thread_time() - began

    assert seconds(4_000) < 12 * seconds(1_000)


ORDINARY = ("Wait a **little**, then look at [your deposits](article:deposit) again.\n\n" * 2_000)[:90_000]


@pytest.fixture(scope="module")
def ordinary() -> float:
    return seconds_of(ORDINARY)


def seconds_of(source: str) -> float:
    """Until it is drawn, or refused."""
    began = time.thread_time()
    with suppress(BadMarkdown):
        _render(source)
    return time.thread_time() - began


@pytest.mark.parametrize(
    "source",
    [
        "a{}b",
        "> a{}b",
        "- a{}b",
        "## a{}b",
        "## a{}{#name}",
        "## a{#name}{}b",
        "a{}b\n---",
        "`a{}b`",
        "```\na{}b\n```",
        "![a{}b](image:a)",
        "[a{}b](https://a.example)",
        "[a]({}https://a.example)",
        "[a](https://a.example{}'b')",
        "| a | b |\n|---|---|\n| c{}d | e |",
        "::: web a{}b\nc\n:::",
        ":::{}web a\nb\n:::",
        "::: web a{}\nb\n:::",
        "::: web a\nb\n:::{}",
    ],
)
@pytest.mark.parametrize("blank", [" ", "\t", "\N{IDEOGRAPHIC SPACE}"])
def test_a_long_run_of_blanks_takes_no_longer_than_a_text_of_that_length(
    blank: str, source: str, ordinary: float
) -> None:
    assert seconds_of(source.replace("{}", blank * 90_000)) < 5 * ordinary
