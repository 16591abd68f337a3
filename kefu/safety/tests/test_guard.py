from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.safety.guard import Guarded, SecretKind, guard
from kefu.safety.rules import WORDS

CORPUS = json.loads((Path(__file__).parent / "corpus.json").read_text())
JS_WORDS = Path(__file__).parents[1] / "static" / "safety" / "bip39.js"
talk = st.text(alphabet=st.sampled_from("的一是 我充币没到账，。？！hello 12.5\n😀⟦⟧〔:"), max_size=200)


@pytest.mark.parametrize("case", CORPUS, ids=[case["text"][:30] for case in CORPUS])
def test_each_sentence_of_the_corpus_is_guarded_as_it_says(case):
    assert guard(case["text"]) == case["guarded"]


@given(st.text(max_size=300))
def test_guarding_twice_changes_nothing(text):
    once = guard(text)

    assert guard(str(once)) == once


@given(talk)
def test_talk_stays_as_it_was_but_for_stray_brackets(text):
    assert guard(text) == text.replace("⟦", "〔").replace("⟧", "〕")


@given(
    st.lists(st.sampled_from(sorted(WORDS)), min_size=12, max_size=24),
    st.sampled_from([" ", ", ", "\n", "  ", " - "]),
)
def test_no_word_of_a_seed_phrase_is_left(words, between):
    guarded = guard(f"看看 {between.join(words)} 谢谢")

    assert guarded == "看看 ⟦secret:mnemonic⟧ 谢谢"
    assert guarded.found == (SecretKind.MNEMONIC,)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 4000,
        "code " * 1600,
        "密码是" * 2600,
        "{" * 8000,
        "-----begin private key-----" * 290,
        "abandon " * 1000,
        "abandon x " * 800,
        "1" * 8000,
        "[1," * 2600,
        "验证码 " * 2000,
        "的 " * 4000,
        "助记词 " * 2000,
        "5" * 8000,
        "password is " * 660,
    ],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    guard(text)

    assert time.process_time() - began < 0.5


def test_a_cut_leaves_no_half_placeholder():
    guarded = guard("密码: hunter2hunter2 后面")

    assert guarded.cut(12) == "密码: "
    assert guarded.cut(200) == "密码: ⟦secret:password⟧ 后面"
    assert isinstance(guarded.cut(12), Guarded)


def test_the_browsers_word_list_is_the_servers():
    listed = JS_WORDS.read_text().split("`")[1].split()

    assert frozenset(listed) == WORDS
    assert len(listed) == 2048
