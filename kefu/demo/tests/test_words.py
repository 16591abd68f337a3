"""How the articles speak: they answer first, promise nothing, ask for no secret, name no other company, and are set well."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kefu.demo.reading import CONTENT
from kefu.demo.tests.conftest import LANGUAGES
from kefu.helpcentre.facts import flattened
from kefu.helpcentre.folder import ArticleFile, TranslationFile
from kefu.ui.tools import tool_called

FACTS = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))
END = {"en": re.compile(r"[.?!](?=\s|$)")} | dict.fromkeys(LANGUAGES[:2], re.compile("[。！？]"))
# A span or a share with its figure in words is a figure all the same. That an hour passes, or a week, says no figure.
IN_WORDS = {
    "zh-hans": re.compile("[二两三四五六七八九十百]+(个?(小时|工作日|月)|分钟|秒|天|周|年|位数|倍|成)"),
    "zh-hant": re.compile("[二兩三四五六七八九十百]+(個?(小時|工作天|月)|分鐘|秒|天|週|年|位數|倍|成)"),
    "en": re.compile(
        r"\b(two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)[ -]"
        r"(working )?(second|minute|hour|day|week|month|year|digit|time|per cent)s?\b",
        re.IGNORECASE,
    ),
}
# Titles and their links say them as people do; an example counts its weeks, and a sentence its orders.
TOLD_AS_PEOPLE_DO = (
    "三分钟",
    "三分鐘",
    "three minutes",
    "第二天",
    "三周",
    "三週",
    "three weeks",
    "第二周",
    "第二週",
)
COMPANIES = re.compile(
    r"binance|okx|okex|bybit|coinbase|kraken|bitget|kucoin|huobi|gate\.io|mexc|bitfinex|upbit|zendesk|intercom|"
    "币安|幣安|欧易|歐易|火币|火幣|抹茶|派网|派網|支付宝|支付寶|lorem ipsum",
    re.IGNORECASE,
)
# Wherever somebody promises such things, it is somebody else, and quoted.
QUOTED = re.compile("「[^」]*」|“[^”]*”")
PROMISES = re.compile(
    "稳赚|穩賺|保本|包赚|包賺|抄底|(?<!不)保证收益|(?<!不)保證收益|(建议|建議|推荐|推薦)你?(买|買|卖|賣|持有|加仓|加碼)|"
    "值得(买|買|投资|投資)|(should|recommend you|advise you to) (buy|sell|hold)|good time to (buy|sell)|risk-free|"
    "(?<!no yield is )guaranteed (return|profit|yield)",
    re.IGNORECASE,
)
SECRETS = re.compile(
    "密码|密碼|验证码|驗證碼|助记词|助記詞|私钥|私鑰|password|one-time code|recovery phrase|private key",
    re.IGNORECASE,
)
# What is not asked for, and whether somebody else has it.
DENIED = re.compile(r"不|是否|没|沒|遮|\b(no|not|never|nor|whether|or|cover)\b", re.IGNORECASE)
IDEOGRAPH, LATIN = "[\u3400-\u9fff]", "[A-Za-z0-9%]"
BADLY_SET = {
    "a Latin word or a figure stuck to Chinese": re.compile(f"{IDEOGRAPH}{LATIN}|{LATIN}{IDEOGRAPH}"),
    "a mark of another script": re.compile(f"{IDEOGRAPH}[,;:!?()\"']|[“”‘’]"),
}
SAYS_NOTHING = {
    "这里",
    "這裡",
    "点这里",
    "點這裡",
    "点此",
    "點此",
    "here",
    "click here",
    "this",
    "link",
    "more",
}

Each = list[tuple[str, TranslationFile]]


@pytest.fixture(scope="module")
def texts(articles: tuple[ArticleFile, ...]) -> Each:
    return [(f"{article.slug} {one.language}", one) for article in articles for one in article.translations]


def _bare(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def _said(one: TranslationFile) -> str:
    """All that a reader sees of it."""
    return "\n".join([one.title, one.summary, one.rendered.text])


def test_the_answer_stands_in_the_first_two_sentences(texts: Each) -> None:
    for where, one in texts:
        lead = re.match(r'<p class="lead">(.*?)</p>', one.rendered.html, re.DOTALL)
        assert lead, where
        answer = _bare(lead[1])
        assert 1 <= len(END[one.language].findall(answer)) <= 2, (where, answer)
        assert not answer.rstrip().endswith(("?", "？")), where


def test_figures_in_words_are_figures_too(texts: Each) -> None:
    def told(one: TranslationFile) -> Iterator[str]:
        source = QUOTED.sub("", "\n".join([one.text.title, one.text.summary, one.text.source]))
        for words in TOLD_AS_PEOPLE_DO:
            source = source.replace(words, "")
        yield from (found[0] for found in IN_WORDS[one.language].finditer(source))

    assert {where: found for where, one in texts if (found := list(told(one)))} == {}


def test_no_other_company_is_named(texts: Each) -> None:
    assert [(where, found[0]) for where, one in texts if (found := COMPANIES.search(_said(one)))] == []
    assert not COMPANIES.search((CONTENT / "facts.toml").read_text(encoding="utf-8"))


def test_nothing_is_promised_and_nothing_advised_about_money(texts: Each) -> None:
    own = [(where, QUOTED.sub("", _said(one))) for where, one in texts]

    assert [(where, found[0]) for where, words in own if (found := PROMISES.search(words))] == []


@pytest.mark.parametrize(
    "words", ["跟着做就稳赚。", "我們建議你買 BTC", "You should buy now.", "guaranteed profit"]
)
def test_advice_would_be_noticed(words: str) -> None:
    assert PROMISES.search(QUOTED.sub("", words))


def test_what_support_will_ask_for_holds_no_secret(texts: Each) -> None:
    for where, one in texts:
        boxes = re.findall(r'<div class="callout">.*?</div>', one.rendered.html, re.DOTALL)
        assert boxes, where
        for sentence in re.split("[。；;]|[.] ", _bare(" ".join(boxes))):
            if SECRETS.search(sentence):
                assert DENIED.search(sentence), (where, sentence)


def test_every_text_leads_on_and_says_where_to(texts: Each) -> None:
    for where, one in texts:
        links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', one.rendered.html, re.DOTALL)
        assert [address for address, _ in links if "/articles/" in address], where
        assert [words for _, words in links if _bare(words).strip().lower() in SAYS_NOTHING] == [], where


def test_chinese_is_set_as_chinese_and_english_as_english(texts: Each) -> None:
    for where, one in texts:
        if one.language == "en":
            assert not re.search('["「」，。]', _said(one)), where
            continue
        for what, pattern in BADLY_SET.items():
            assert not (found := pattern.search(_said(one))), (where, what, found[0])


def test_no_variable_is_left_unfilled(texts: Each) -> None:
    assert [where for where, one in texts if "{{" in _said(one) or "facts." in _said(one)] == []


@pytest.mark.usefixtures("db")
def test_every_tool_that_an_article_names_is_there(articles: tuple[ArticleFile, ...]) -> None:
    assert [one.slug for one in articles if one.tool and tool_called(one.tool) is None] == []
    assert any(one.tool for one in articles)


def test_every_hour_says_how_far_its_zone_is_from_utc() -> None:
    away = datetime(2027, 1, 15, tzinfo=ZoneInfo(FACTS["hours"]["zone"])).utcoffset()
    told = {
        name: one
        for name, one in flattened(FACTS, LANGUAGES)
        if isinstance(one, dict) and ":" in str(one["en"])
    }

    assert FACTS["hours"]["offset"] == f"UTC+{away // timedelta(hours=1)}" if away else False
    assert len(told) >= 5
    for name, words in told.items():
        assert words["zh-hans"].endswith(f"（北京时间，{FACTS['hours']['offset']}）"), name
        # Nobody in Taipei or Hong Kong looks at Beijing to know what time it is.
        assert words["zh-hant"].endswith(f"（台北、香港時間，{FACTS['hours']['offset']}）"), name
        assert "UTC" in words["en"], name
