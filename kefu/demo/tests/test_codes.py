"""A code, a coin or a network typed alone finds the article that is about it, however many talk about its kind."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from kefu.brands.models import Brand
from kefu.helpcentre.models import Translation
from kefu.search.find import find
from kefu.search.query import CODE
from kefu.search.tokens import tokens

pytestmark = pytest.mark.slow

API_ERRORS, FROZEN, NETWORK, TIERS = (
    "api-errors-and-limits",
    "account-frozen",
    "right-network",
    "fee-tiers",
)
ABOUT = {
    **dict.fromkeys(["400", "401", "403", "409", "429", "500", "503", "504", "-1021", "418"], API_ERRORS),
    **dict.fromkeys(
        ["HTTP 429", "错误码 429", "錯誤 403", "error 401", "返回503", "Retry-After"], API_ERRORS
    ),
    **dict.fromkeys([f"R{number:02}" for number in range(1, 13)], FROZEN),
    **dict.fromkeys(["r05", "Ｒ０５", "代码R05", "restriction R07", "R07 是什么意思"], FROZEN),
    **dict.fromkeys(["TRC20", "erc20", "BEP20", "USDT", "usdt", "arbitrum", "bc1", "0x"], NETWORK),
    **dict.fromkeys(["VIP1", "vip2", "VIP3"], TIERS),
    "XRP": "missing-memo",
    "瑞波币": "missing-memo",
    "XLM": "missing-memo",
}
# Each coin and network in its spellings; an article holds one of them in some language.
NAMES = [
    {"btc", "bitcoin", "比特币"},
    {"eth", "ethereum", "以太坊"},
    {"sol", "solana"},
    {"tron", "波场"},
    {"ton"},
    {"bnb"},
    {"polygon"},
]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_code_alone_finds_first_the_article_that_is_about_it(language: str, xinghai: Brand) -> None:
    found = {typed: _first(typed, xinghai, language) for typed in ABOUT}

    assert found == ABOUT


def test_no_article_without_the_code_comes_before_one_that_has_it(xinghai: Brand) -> None:
    holding: dict[str, set[str]] = defaultdict(set)
    for one in Translation.objects.shown().select_related("article"):
        for token in tokens(" ".join([one.title, *one.synonyms, one.summary, one.text])):
            holding[token].add(one.article.slug)
    codes = {token for token in holding if token.isascii() and CODE.match(token) and re.search("[^0]", token)}

    wrong = {code: first for code in codes if (first := _first(code, xinghai, "en")) not in holding[code]}

    assert len(codes) > 50
    assert wrong == {}


def test_a_coin_or_network_alone_finds_first_an_article_that_names_it(xinghai: Brand) -> None:
    found = {name: _first(name, xinghai, "zh-hans") for spellings in NAMES for name in spellings}

    for spellings in NAMES:
        for name in spellings:
            shown = Translation.objects.shown().filter(article__slug=found[name])
            text = " ".join(f"{one.title} {one.text}" for one in shown).lower()
            assert any(spelling in text for spelling in spellings), (name, found[name])


def _first(typed: str, brand: Brand, language: str) -> str:
    return next((hit.path.split("/")[-2] for hit in find(typed, brand=brand, language=language)), "")
