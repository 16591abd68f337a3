"""Markdown is CommonMark (0.31.2) where an article doesn't say otherwise: a case or more for its sections.

The cases are our own; the specification's examples have a licence that this repository does not take in. What we add (blocks
of `:::`, tables, emphasis beside Chinese) must change nothing else, so any text without these is read as the plain parser
reads it, which its makers hold against those examples.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kefu.helpcentre.markdown.render import _markdown
from tests.seeds import examples

PLAIN = MarkdownIt("commonmark", {"html": False})
CASES = [
    # 2.1 to 2.3: characters, tabs, insecure characters
    ("a\tb", "<p>a\tb</p>\n"),
    ("\tcode", "<pre><code>code\n</code></pre>\n"),
    ("-\tone", "<ul>\n<li>one</li>\n</ul>\n"),
    # 2.4 and 2.5: backslash escapes, entities
    (r"\*no emphasis\* and \[no link\]", "<p>*no emphasis* and [no link]</p>\n"),
    ("one\\\ntwo", "<p>one<br />\ntwo</p>\n"),
    ("&copy; &#35; &nope;", "<p>© # &amp;nope;</p>\n"),
    # 3: blocks go before what stands in a line
    ("- `one\n- two`", "<ul>\n<li>`one</li>\n<li>two`</li>\n</ul>\n"),
    # 4.1: thematic breaks
    ("* * *", "<hr />\n"),
    ("one\n\n---\n\ntwo", "<p>one</p>\n<hr />\n<p>two</p>\n"),
    # 4.2 and 4.3: headings
    ("## two ##", "<h2>two</h2>\n"),
    ("### three *more*", "<h3>three <em>more</em></h3>\n"),
    ("##none", "<p>##none</p>\n"),
    ("two\n---", "<h2>two</h2>\n"),
    # 4.4 and 4.5: code
    ("    a\n\n    b", "<pre><code>a\n\nb\n</code></pre>\n"),
    ("```toml\na = 1\n```", '<pre><code class="language-toml">a = 1\n</code></pre>\n'),
    ("~~~\n```\n~~~", "<pre><code>```\n</code></pre>\n"),
    # 4.6: without HTML it is text
    ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
    # 4.7: link reference definitions
    ('[a]: https://a.example "t"\n\n[A]', '<p><a href="https://a.example" title="t">A</a></p>\n'),
    # 4.8 and 4.9: paragraphs, blank lines
    ("one\n  two\n\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"),
    # 5.1: block quotes
    ("> one\ntwo\n>\n> three", "<blockquote>\n<p>one\ntwo</p>\n<p>three</p>\n</blockquote>\n"),
    # 5.2 and 5.3: lists
    ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
    ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"),
    ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n"),
    ("1) a\n1. b", "<ol>\n<li>a</li>\n</ol>\n<ol>\n<li>b</li>\n</ol>\n"),
    ("one\n14. two", "<p>one\n14. two</p>\n"),
    # 6.1: code spans
    ("`` a ` b ``", "<p><code>a ` b</code></p>\n"),
    ("`*a*`", "<p><code>*a*</code></p>\n"),
    # 6.2: emphasis
    ("*a* _b_ **c** __d__", "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong></p>\n"),
    ("***a** b*", "<p><em><strong>a</strong> b</em></p>\n"),
    ("a_b_c and a*b*c", "<p>a_b_c and a<em>b</em>c</p>\n"),
    ("a * b * c", "<p>a * b * c</p>\n"),
    # 6.3 and 6.4: links, images
    ("[a](<https://a.example/b c>)", '<p><a href="https://a.example/b%20c">a</a></p>\n'),
    (
        "[a [b](https://b.example)](https://a.example)",
        '<p>[a <a href="https://b.example">b</a>](https://a.example)</p>\n',
    ),
    ("[*a*](https://a.example 't')", '<p><a href="https://a.example" title="t"><em>a</em></a></p>\n'),
    ("![*a* b](image:c)", '<p><img src="image:c" alt="a b" /></p>\n'),
    # 6.5: autolinks
    ("<https://a.example>", '<p><a href="https://a.example">https://a.example</a></p>\n'),
    ("<a@a.example>", '<p><a href="mailto:a@a.example">a@a.example</a></p>\n'),
    # 6.7 to 6.9: line breaks, text
    ("one  \ntwo", "<p>one<br />\ntwo</p>\n"),
    ("one \n two", "<p>one\ntwo</p>\n"),
    ("Nothing (else) & nothing “more”.", "<p>Nothing (else) &amp; nothing “more”.</p>\n"),
]


@pytest.mark.parametrize(("source", "html"), CASES)
def test_each_section_of_the_specification_reads_as_it_says(source: str, html: str) -> None:
    assert PLAIN.render(source) == html
    assert _markdown().render(source) == html


@settings(max_examples=examples(300))
@given(st.text(alphabet="ab1 \n\t*_`~#>-+.()[]!<>&\\\"'", max_size=80))
def test_what_we_add_changes_nothing_else(source: str) -> None:
    assert _markdown().render(source) == PLAIN.render(source)
