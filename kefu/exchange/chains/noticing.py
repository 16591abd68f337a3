"""Noticing a TxID or an address among other words, such as in a box for searching."""

from __future__ import annotations

import re
import unicodedata

from kefu.exchange.chains.catalogue import HEX, TxidShape
from kefu.exchange.chains.checks import TELLING
from kefu.exchange.chains.formats import FORMATS, Fit
from kefu.exchange.chains.reading import is_secret, read
from kefu.safety.guard import guard

# Shorter than any address but some of segwit's that nobody has.
WORD = re.compile(r"[!-~]{25,}")
# What stands beside it in a sentence.
MARKS = "\"'()[]{}<>,;:.!?"
TXID = re.compile(f"(?:0[xX])?{HEX}")
# What has no checksum to tell it from words that are typed together has a figure in it.
MIXED = re.compile("(?=.*[0-9])(?=.*[A-Za-z]).*")


def holds_value(words: str) -> bool:
    """Does a TxID or an address of a chain of ours stand in it, right or with a slip? Never of what may be a secret."""
    if not WORD.search(narrow := unicodedata.normalize("NFKC", words)) or guard(words).found:
        return False
    return any(_is_value(word.strip(MARKS)) for word in WORD.findall(narrow))


def _is_value(word: str) -> bool:
    value = read(word).value
    if is_secret(word):
        return False
    if any(one.of(value) is Fit.SURE for one in FORMATS.values()):
        return True
    if not MIXED.fullmatch(value):
        return False
    if TXID.fullmatch(value) or any(shape.fits(value) for shape in (TxidShape.SOLANA, TxidShape.TON)):
        return True
    return any(re.fullmatch(looks, value) for looks in TELLING) or FORMATS["solana"].of(value) is Fit.PLAIN
