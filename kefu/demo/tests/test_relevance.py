"""What people really type finds the article that answers it, in three languages and across them."""

from __future__ import annotations

import pytest

from kefu.brands.models import Brand
from kefu.search.find import find

DEPOSIT, REVIEW, GENUINE = "deposit-not-here", "withdrawal-under-review", "is-support-genuine"

QUESTIONS = [
    ("zh-hans", "充币没到账", DEPOSIT),
    ("zh-hans", "我充的币怎么还没到", DEPOSIT),
    ("zh-hans", "入金", DEPOSIT),
    ("zh-hans", "充值", DEPOSIT),
    ("zh-hans", "转了USDT半小时了余额没变", DEPOSIT),
    ("zh-hans", "trc20 确认数要多少", DEPOSIT),
    ("zh-hans", "忘记填memo了", DEPOSIT),
    ("zh-hans", "链上成功了但是没有入账", DEPOSIT),
    ("zh-hans", "儲值還沒入帳", DEPOSIT),
    ("zh-hans", "提现一直审核中", REVIEW),
    ("zh-hans", "提币卡住了", REVIEW),
    ("zh-hans", "提现", REVIEW),
    ("zh-hans", "审核", REVIEW),
    ("zh-hans", "为什么我的提现要审核24小时", REVIEW),
    ("zh-hans", "提現沒到帳", REVIEW),
    ("zh-hans", "withdrawal 审核中", REVIEW),
    ("zh-hans", "改了密码之后不能提币", REVIEW),
    ("zh-hans", "怎么撤销提现", REVIEW),
    ("zh-hans", "客服是真的吗", GENUINE),
    ("zh-hans", "有人自称客服问我要验证码", GENUINE),
    ("zh-hans", "假客服", GENUINE),
    ("zh-hans", "骗子", GENUINE),
    ("zh-hans", "官方邮箱是哪个", GENUINE),
    ("zh-hans", "support@xinghai.example", GENUINE),
    ("zh-hans", "让我共享屏幕", GENUINE),
    ("zh-hant", "入金沒到帳", DEPOSIT),
    ("zh-hant", "加值", DEPOSIT),
    ("zh-hant", "我轉進來的幣看不到", DEPOSIT),
    ("zh-hant", "充值没到账", DEPOSIT),
    ("zh-hant", "區塊鏈確認數", DEPOSIT),
    ("zh-hant", "提領一直審核中怎麼辦", REVIEW),
    ("zh-hant", "出金", REVIEW),
    ("zh-hant", "提幣卡住", REVIEW),
    ("zh-hant", "提领要多久", REVIEW),
    ("zh-hant", "這個客服是不是詐騙", GENUINE),
    ("zh-hant", "客服主動私訊我", GENUINE),
    ("zh-hant", "有人跟我要驗證碼", GENUINE),
    ("en", "deposit not showing", DEPOSIT),
    ("en", "where is my deposit", DEPOSIT),
    ("en", "my coins have not arrived", DEPOSIT),
    ("en", "how many confirmations for Bitcoin", DEPOSIT),
    ("en", "wrong memo", DEPOSIT),
    ("en", "my withdrawal is stuck", REVIEW),
    ("en", "withdrawal pending for hours", REVIEW),
    ("en", "cancel a withdrawal", REVIEW),
    ("en", "WITHDRAWALS", REVIEW),
    ("en", "is this support agent real", GENUINE),
    ("en", "somebody asks for my code", GENUINE),
    ("en", "scam", GENUINE),
    ("en", "official email address", GENUINE),
    ("en", "提现审核", REVIEW),
]


@pytest.mark.parametrize(("language", "question", "slug"), QUESTIONS)
def test_the_right_article_comes_first(language: str, question: str, slug: str, xinghai: Brand) -> None:
    hits = find(question, brand=xinghai, language=language)

    assert hits, question
    assert hits[0].path == f"/{language}/articles/{slug}/"


@pytest.mark.parametrize("question", ["咖啡豆", "今天天气怎么样", "pizza recipe", "彩票中奖号码", "zzzz"])
def test_what_no_article_answers_finds_none(question: str, xinghai: Brand) -> None:
    assert find(question, brand=xinghai, language="zh-hans") == []


def test_a_traditional_query_finds_articles_shown_in_simplified_characters(xinghai: Brand) -> None:
    hit = find("客服騙術 驗證碼", brand=xinghai, language="zh-hans")[0]

    assert hit.language == "zh-hans"
    assert "客服" in "".join(part.text for part in hit.title if part.is_match)
