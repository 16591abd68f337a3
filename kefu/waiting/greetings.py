"""Sentences that an operator says in the chat's hello and on the contact page, instead of our own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass

LONGEST_SENTENCE = 200
# Control characters, halves of a pair, and what turns the direction of the text behind it.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# Pages, mail addresses and names at other services. All of ours stand in the list of official ways and nowhere else.
# A capital behind a dot, as in "Hi.How are you", begins a sentence that lacks its space: unless it is one of the endings that
# people know from addresses, or the address goes on behind it. Two letters may be any country's.
KNOWN_ENDING = (
    r"(?:app|biz|chat|club|com|dev|edu|gov|help|info|live|net|online|org|pro|shop|site|store|top|vip|xyz)\b"
)
SENTENCE = rf"(?!{KNOWN_ENDING})(?-i:[A-Z][a-z]{{2,}})(?![\w/:@-]|\.\w)"
ADDRESS = re.compile(rf"://|@\w|\bwww\.|\b[a-z0-9-]+\.(?!{SENTENCE})[a-z]{{2,}}\b", re.ASCII | re.IGNORECASE)


class BadSentence(ValueError):
    """This can't be said to customers."""


class TooLongSentence(BadSentence):
    pass


class UnseenCharacters(BadSentence):
    pass


class NamesAnAddress(BadSentence):
    pass


@dataclass(frozen=True, kw_only=True)
class GreetingText:
    """What is said in one language, by the state of the chat; where nothing is, our own sentence stands."""

    open_text: str = ""
    closed_text: str = ""
    unstaffed_text: str = ""

    def written(self) -> dict[str, str]:
        return asdict(self)

    def read(self) -> GreetingText:
        """As it is stored. Raises BadSentence."""
        return GreetingText(**{name: read_sentence(typed) for name, typed in self.written().items()})


def read_sentence(typed: str) -> str:
    """One line of plain text, spaces joined; nothing for nothing but spaces. Raises BadSentence."""
    sentence = " ".join(typed.split())
    if len(sentence) > LONGEST_SENTENCE:
        raise TooLongSentence
    if UNSEEN.search(sentence):
        raise UnseenCharacters
    # Full-width letters and dots make addresses too.
    if ADDRESS.search(unicodedata.normalize("NFKC", sentence)):
        raise NamesAnAddress
    return sentence
