"""Message codes: eight characters in every letter, by which anybody can ask us whether the letter is ours."""

from __future__ import annotations

import re
import secrets

from kefu.brands.refs import ALPHABET, MISREAD

LENGTH = 8


def new_code() -> str:
    """40 random bits in Crockford's base 32, written ``7KQ4-M2XP``."""
    return _written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def read_code(typed: str) -> str | None:
    """The code that was meant, in its written form; None if it can't be one."""
    plain = re.sub(r"[\s\-–—_]", "", typed[:64]).upper().translate(MISREAD)
    is_code = len(plain) == LENGTH and all(letter in ALPHABET for letter in plain)
    return _written(plain) if is_code else None


def _written(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"
