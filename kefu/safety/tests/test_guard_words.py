from __future__ import annotations

import pytest

from kefu.safety.guard import guard
from kefu.safety.tests.vocabulary import sentences


@pytest.mark.parametrize(("text", "kept"), list(sentences()))
def test_each_word_that_the_guard_knows_decides_its_sentence(text, kept):
    assert guard(text) == kept
