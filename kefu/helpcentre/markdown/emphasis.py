"""Bold beside full-width punctuation.

CommonMark opens and closes emphasis by looking whether the neighbours are punctuation, and takes 「：」 for a comma. So
`**注意：**请核对` stays as it is typed, and Chinese articles are full of that. Here a Chinese neighbour counts as a letter.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

# CJK punctuation, kana, Han, Hangul and full-width forms, and the dashes and quotation marks that Chinese shares with Latin.
EASTERN = re.compile(
    "[\u2014\u2018-\u201d\u2026\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)


class EasternState(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before, after = self.src[max(0, start - 1) : start], self.src[end : end + 1]
        # Underscores never split a word, in any script.
        if not canSplitWord or not (EASTERN.match(before) or EASTERN.match(after)):
            return scanned
        return Scanned(bool(after.strip()), bool(before.strip()), scanned.length)


class EasternInline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = EasternState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def eastern_emphasis(md: MarkdownIt) -> None:
    """A plugin: the same inline rules, read with eyes that know full-width punctuation."""
    eastern = EasternInline()
    eastern.ruler, eastern.ruler2 = md.inline.ruler, md.inline.ruler2
    md.inline = eastern
