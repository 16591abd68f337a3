from __future__ import annotations

from kefu.safety.guard import guard
from kefu.safety.tests.vocabulary import sentences


def test_each_word_that_the_guard_knows_decides_its_sentence():
    wanted = dict(sentences())

    found = {text: guard(text) for text in wanted}

    assert len(wanted) > 500
    assert found == wanted
