from __future__ import annotations

from pathlib import Path

import pytest

from kefu.exchange.chains.noticing import holds_value
from kefu.exchange.chains.tests.right_values import some_addresses, some_txids
from kefu.exchange.chains.tests.test_txids import SECRETS
from kefu.exchange.chains.tests.vectors import GOOD, PLAIN, TXIDS

ASKED = Path(__file__).parents[4] / "bench" / "relevance"
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
HEX = TXIDS[0][1]


# Without very short ones, and without Solana's address of ones alone.
PUBLISHED = {value for _, value, _ in (*GOOD, *PLAIN, *TXIDS) if len(value) >= 25 and set(value) != {"1"}}


@pytest.mark.parametrize("value", sorted(PUBLISHED))
def test_a_published_value_is_noticed(value: str) -> None:
    assert holds_value(value)


def test_thousands_of_right_values_are_noticed() -> None:
    values = [value for _, value in (*some_addresses(700), *some_txids(300))]

    assert [value for value in values if not holds_value(value)] == []


@pytest.mark.parametrize(
    "words",
    [
        f"充值没到账 {HEX}",
        f"哈希{HEX}，一直没到",
        f"where is 0x{HEX}?",
        f"https://tronscan.org/#/transaction/{HEX}",
        f"（{TRON}）",
        "".join(chr(ord(one) + 0xFEE0) for one in TRON),
        TRON[:-1] + "u",
    ],
)
def test_it_is_noticed_among_other_words_in_a_link_and_with_a_slip(words: str) -> None:
    assert holds_value(words)


@pytest.mark.parametrize("words", [*SECRETS.values(), f"my private key {HEX}", f"{HEX} 是我的私钥"])
def test_what_may_be_a_secret_is_not(words: str) -> None:
    assert not holds_value(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "R05",
        "2026-11",
        "13800138000",
        "HTTP500 internal server error while withdrawing",
        "requiresidentityverification",
        "chongzhimeiyoudaozhangzenmeban",
        "https://www.example.com/some/page-about-withdrawals?lang=zh-hans",
        "someone.with.a.long.name@mail.example.com",
        "a" * 200,
        "1" * 60,
    ],
)
def test_other_words_are_not(words: str) -> None:
    assert not holds_value(words)


def test_nothing_that_customers_ask_in_words_is_taken_for_a_value() -> None:
    lines = [line for file in ASKED.glob("*.txt") for line in file.read_text(encoding="utf-8").splitlines()]

    assert len(lines) > 100
    assert [line for line in lines if holds_value(line)] == []
