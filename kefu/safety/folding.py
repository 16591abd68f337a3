"""Text as the guard reads it: full width and script variants folded, invisible characters gone, every place remembered."""

from __future__ import annotations

from dataclasses import dataclass

INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
# Only the characters of the guard's own keywords, in the form that its rules are written in.
TRADITIONAL = "驗證碼動態鑰詞記資錢戶號訂單額錯誤狀報簡訊發為"
SIMPLIFIED = "验证码动态钥词记资钱户号订单额错误状报简讯发为"
SIMPLER = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
# ASCII's printable characters, and how far above them their full-width forms are.
FULL_WIDTH = range(0xFF01, 0xFF5F)
FULL_WIDTH_ABOVE = 0xFEE0
SPACES = "\u3000\u00a0"


@dataclass(frozen=True)
class Folded:
    """`plain` keeps case, `low` doesn't; both have one character for each place, and one place more for the end."""

    plain: str
    low: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """Where in the original text the character at this index stands."""
        return self.places[index]


def fold(text: str) -> Folded:
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in INVISIBLE:
            continue
        plain.append(_folded(character))
        places.append(place)
    places.append(len(text))
    whole = "".join(plain)
    return Folded(whole, "".join(_lower(character) for character in whole), tuple(places))


def _folded(character: str) -> str:
    if ord(character) in FULL_WIDTH:
        narrow = chr(ord(character) - FULL_WIDTH_ABOVE)
        # A full-width comma or stop ends a password; a narrow one may be part of it.
        return narrow if narrow.isalnum() or narrow in ":=" else character
    if character in SPACES:
        return " "
    return SIMPLER.get(character, character)


def _lower(character: str) -> str:
    low = character.lower()
    return low if len(low) == 1 else character
