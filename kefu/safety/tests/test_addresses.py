from __future__ import annotations

import pytest

from kefu.safety.addresses import NotAnAddress, mail_address, masked


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Lin.XiaoMei@Mail.Example ", "lin.xiaomei@mail.example"),
        ("chen+kefu@mail.example", "chen+kefu@mail.example"),
        ("lin@例子.example", "lin@xn--fsqu00a.example"),
    ],
)
def test_an_address_is_kept_as_the_mail_system_writes_it(typed, address):
    assert mail_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "lin",
        "lin@",
        "@mail.example",
        "lin@mail",
        "lin xiaomei@mail.example",
        '"x\x01y"@mail.example',
        '"lin xiaomei"@mail.example',
        "lin@mail.example\r\nBcc: mallory@evil.example",
        "林@mail.example",
        f"{'x' * 250}@mail.example",
        f"lin@{'x' * 64}.example",
        "lin@.example",
    ],
)
def test_what_no_mail_can_reach_is_no_address(typed):
    with pytest.raises(NotAnAddress):
        mail_address(typed)


def test_a_masked_address_tells_its_owner_enough_and_others_nothing():
    assert masked("chen.yu@mail.example.com") == "c•••@m•••.example.com"
