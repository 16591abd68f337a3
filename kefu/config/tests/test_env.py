from __future__ import annotations

from pathlib import Path

import pytest

from kefu.config.env import BadSetting, database, read


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KEFU_PORTT", "1", "is not a setting"),
        ("KEFU_PORT", "eighty", "whole number"),
        ("KEFU_DEMO", "maybe", "1 or 0"),
        ("KEFU_TRUSTED_PROXIES", "10.0.0.1,proxy", "addresses or networks"),
        ("KEFU_HOSTS", "https://support.example.com", "without https:// and without a port"),
        ("KEFU_HOSTS", "support.example.com, help.example.com:8443", "such as support.example.com"),
        ("KEFU_HOSTS", "*", "such as support.example.com"),
        ("KEFU_HOSTS", "support..example.com", "such as support.example.com"),
        ("KEFU_HOST", "http://127.0.0.1", "an address such as 127.0.0.1"),
        ("KEFU_HOST", "localhost:8000", "an address such as 127.0.0.1"),
        ("KEFU_RINGS", "bells", "local, socket, notify, redis"),
        ("KEFU_METRICS_TOKEN", "short", "at least 16 characters"),
        ("KEFU_METRICS_TOKEN", "十六个字符以上的令牌也不行因为头里放不下", "ASCII"),
        ("KEFU_LEDGER", "exchange.ledger", "package.module:Class"),
        ("KEFU_LEDGER", "no_such_exchange.ledger:Ledger", "can't be found"),
        ("KEFU_LOG", "loud", "debug, info, warning, error"),
    ],
)
def test_an_unknown_or_malformed_setting_is_one_sentence(name, value, words):
    with pytest.raises(BadSetting) as refusal:
        read({name: value})

    assert name in str(refusal.value)
    assert words in str(refusal.value)


def test_good_values_are_typed():
    values = read(
        {"KEFU_PORT": "8443", "KEFU_DEMO": "yes", "KEFU_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "OTHER": "x"}
    )

    assert (values["KEFU_PORT"], values["KEFU_DEMO"]) == (8443, True)
    assert values["KEFU_TRUSTED_PROXIES"] == ["10.0.0.0/8", "::1"]


def test_hosts_are_written_as_browsers_ask_for_them():
    values = read({"KEFU_HOSTS": "Support.Example.com., 例子.中国, 192.168.1.5, FD00:0::7, [::1]"})

    assert values["KEFU_HOSTS"] == [
        "support.example.com",
        "xn--fsqu00a.xn--fiqs8s",
        "192.168.1.5",
        "[fd00::7]",
        "[::1]",
    ]


@pytest.mark.parametrize(
    ("typed", "address"), [("[FD00:0::7]", "fd00::7"), ("", ""), ("MyHost", "myhost"), ("0.0.0.0", "0.0.0.0")]
)
def test_the_address_to_listen_on_has_no_brackets(typed, address):
    assert read({"KEFU_HOST": typed})["KEFU_HOST"] == address


def test_a_database_address_keeps_its_special_characters():
    entry = database("postgres://ke%40fu:p%2Fw@db.example:5433/ke%20fu?sslmode=require", Path("/data"))

    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("ke@fu", "p/w", "ke fu")
    assert (entry["HOST"], entry["PORT"], entry["OPTIONS"]["sslmode"]) == ("db.example", "5433", "require")


@pytest.mark.parametrize("url", ["postgres://localhost", "postgres://kefu:word@localhost:5432/"])
def test_an_address_without_a_database_is_refused(url):
    with pytest.raises(BadSetting, match="names no database") as refusal:
        database(url, Path("/data"))

    assert "word" not in str(refusal.value)


def test_another_kind_of_database_is_refused():
    with pytest.raises(BadSetting):
        database("mysql://localhost/kefu", Path("/data"))
