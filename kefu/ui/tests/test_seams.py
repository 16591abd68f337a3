from __future__ import annotations

import pytest

from kefu.ui.seams import fill_in

ANSWERED = "%(brand)s回复了你关于「%(topic)s」的问题，编号 %(ref)s。"


@pytest.mark.parametrize(
    ("brand", "topic", "said"),
    [
        ("星海 Exchange", "充值", "星海 Exchange 回复了你关于「充值」的问题，编号 XH-7。"),
        ("Binance365", "C2C 买币", "Binance365 回复了你关于「C2C 买币」的问题，编号 XH-7。"),
        ("星海交易所", "USDT", "星海交易所回复了你关于「USDT」的问题，编号 XH-7。"),
        ("星海（Exchange）", "账户", "星海（Exchange）回复了你关于「账户」的问题，编号 XH-7。"),
        # Whoever wrote it without a space meant that, and a value is no place for values.
        ("OK交易所%(ref)s", "KYC认证", "OK交易所%(ref)s 回复了你关于「KYC认证」的问题，编号 XH-7。"),
        ("", "账户", "回复了你关于「账户」的问题，编号 XH-7。"),
    ],
)
def test_a_name_keeps_room_between_latin_and_chinese_and_nowhere_else(
    brand: str, topic: str, said: str
) -> None:
    assert fill_in(ANSWERED, {"brand": brand, "topic": topic, "ref": "XH-7"}) == said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("123456 是你在%(brand)s的验证码", "123456 是你在 Éclair 的验证码"),
        ("邀請你加入%(brand)s的客服工作台", "邀請你加入 Éclair 的客服工作台"),
        ("%(brand)s 客服", "Éclair 客服"),
        ("%(brand)s%(name)s", "Éclair 林美"),
        ("Your code for %(brand)s.", "Your code for Éclair."),
    ],
)
def test_there_is_one_space_on_each_side_that_needs_one(sentence: str, said: str) -> None:
    assert fill_in(sentence, {"brand": "Éclair", "name": "林美"}) == said
