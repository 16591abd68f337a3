from __future__ import annotations

import copy
import json
import pickle
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.safety.finders.patterns import SOURCES
from kefu.safety.finders.phrases import WORDS
from kefu.safety.finders.published import FOLDER, modules
from kefu.safety.guard import PLACEHOLDER, Guarded, SecretKind, guard, guard_again

CORPUS = json.loads((Path(__file__).parent / "corpus.json").read_text())
HEX = "9f3c7a20b1d94e6f8a7c5e3d1b0f2a4c6e8d0b2f4a6c8e0d2b4f6a8c0e2d4b6f"
talk = st.text(alphabet=st.sampled_from("的一是 我充币没到账，。？！hello 12.5\n😀⟦⟧〔:"), max_size=200)
# Pieces that the rules look for, in any order: what random letters never hit.
pieces = st.lists(
    st.sampled_from(json.loads((Path(__file__).parent / "pieces.json").read_text())), max_size=30
).map("".join)


@pytest.mark.parametrize("case", CORPUS, ids=[case["text"][:30] for case in CORPUS])
def test_each_sentence_of_the_corpus_is_guarded_as_it_says(case):
    assert guard(case["text"]) == case["guarded"]


@given(st.one_of(st.text(max_size=300), pieces))
def test_guarding_again_changes_nothing(text):
    once = guard(text)

    assert guard(once) is once
    assert guard_again(str(once)) == once


@given(talk)
def test_talk_stays_as_it_was_but_for_stray_brackets(text):
    assert guard(text) == text.replace("⟦", "〔").replace("⟧", "〕")


@given(pieces)
def test_nobody_types_a_placeholder(text):
    guarded = guard(text)

    without_brackets = guard(text.replace("⟦", "〔").replace("⟧", "〕"))
    assert guarded == without_brackets
    assert "⟦" not in PLACEHOLDER.sub("", guarded)
    assert "⟧" not in PLACEHOLDER.sub("", guarded)


def test_what_our_own_script_has_hidden_stays_hidden():
    guarded = guard_again("之前 ⟦secret:code⟧ 之后 ⟦secret:nothing⟧")

    assert guarded == "之前 ⟦secret:code⟧ 之后 〔secret:nothing〕"
    assert guarded.found == (SecretKind.CODE,)


@given(
    st.lists(st.sampled_from(sorted(WORDS)), min_size=12, max_size=24),
    st.sampled_from([" ", ", ", "\n", "  ", " - ", "、", " 1. ", " and ", ", and "]),
)
def test_no_word_of_a_seed_phrase_is_left(words, between):
    guarded = guard(f"看看 {between.join(words)} 谢谢")

    assert guarded == "看看 ⟦secret:mnemonic⟧ 谢谢"
    assert guarded.found == (SecretKind.MNEMONIC,)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 4000,
        "a" * 8000,
        " " * 8000,
        "\n" * 8000,
        "code " * 1600,
        "code 123456 " * 660,
        "verify1234" * 800,
        "emailVerifyCode" * 530,
        "密码是" * 2600,
        "密码:a " * 1300,
        "账号密码:a, " * 900,
        "{" * 8000,
        '{"crypto":{"ciphertext":' * 330,
        '"crypto":"ciphertext":' + "{}" * 3900,
        "{}" * 3900 + '"crypto":"ciphertext":',
        "-" * 8000,
        "-----begin private key-----" * 290,
        "-----begin private key-----\n" + "A" * 7900,
        "abandon " * 1000,
        "abandon x " * 800,
        "abandon and " * 700,
        "and " * 2000,
        "mnemonic phrase seed phrase " * 300,
        "abandon1" * 1000,
        "1" * 8000,
        "1 2 3 4 5 6 " * 660,
        "[1," * 2600,
        "验证码 " * 2000,
        "验证码1234和" * 900,
        "(1234 is a b c d " * 470,
        "1234 is the my first " * 380,
        "验证码：\n" * 1600,
        '{"code":1234,"msg":' * 420,
        "忘记密码 order-1234 " * 420,
        "第一个是abandon a) " * 500,
        f"私钥 地址 {'0' * 40} " * 170,
        "的 " * 4000,
        "的 一 " * 1900 + "助记词",
        "助记词 " * 2000,
        "5" * 8000,
        f"私钥 {HEX} " * 115,
        "private key " + f"{HEX} " * 120,
        "password is " * 660,
        "not " * 1990 + "code",
        "𝟏" * 8000,
        "\u200b" * 8000,
    ],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    guard(text)

    assert time.process_time() - began < 0.5


def test_only_the_guard_makes_guarded_text():
    with pytest.raises(TypeError):
        Guarded("密码: hunter2hunter2")

    guarded = guard("你好")
    for same in (copy.copy(guarded), copy.deepcopy(guarded), pickle.loads(pickle.dumps(guarded))):  # noqa: S301 - our own
        assert isinstance(same, Guarded)
        assert same == guarded
    for made in (guarded + "x", guarded[1:], guarded.strip(), str(guarded), f"{guarded}"):
        assert not isinstance(made, Guarded)


def test_kinds_are_told_in_the_order_of_the_text():
    guarded = guard("密码: hunter2hunter2，验证码 123456，密码: hunter3hunter3")

    assert guarded.found == (SecretKind.PASSWORD, SecretKind.CODE)


def test_a_cut_leaves_no_half_placeholder():
    guarded = guard("密码: hunter2hunter2 后面")

    assert guarded.cut(12) == "密码: "
    assert guarded.cut(200) == "密码: ⟦secret:password⟧ 后面"
    assert isinstance(guarded.cut(12), Guarded)


@pytest.mark.parametrize("name", SOURCES)
def test_no_pattern_asks_for_what_python_and_javascript_read_differently(name):
    without_classes = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", SOURCES[name], flags=re.DOTALL)

    assert not {"$", "."} & set(without_classes)
    assert r"\s" not in SOURCES[name]


def test_the_browser_has_the_servers_patterns_and_words():
    for name, content in modules().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == content, "run the command publish_guard"
    assert len(WORDS) == 2048


def test_what_has_nothing_in_it_has_found_nothing() -> None:
    assert guard("还没到账").found == ()


@pytest.mark.parametrize(
    "numbers", [("i", "ii", "iii", "iv"), ("vi", "vii", "viii", "ix"), ("xvii", "xviii", "xix", "xx")]
)
def test_roman_numbers_hide_no_phrase(numbers: Sequence[str]) -> None:
    words = zip(numbers, ("legal", "winner", "thank", "year"), strict=True)
    text = "助记词 " + " ".join(f"{number}. {word}" for number, word in words)

    assert guard(text) == f"助记词 {numbers[0]}. ⟦secret:mnemonic⟧"
