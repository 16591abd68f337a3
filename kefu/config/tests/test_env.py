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
        ("KEFU_RINGS", "bells", "local, socket, redis"),
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


def test_a_database_address_keeps_its_special_characters():
    entry = database("postgres://ke%40fu:p%2Fw@db.example:5433/ke%20fu?sslmode=require", Path("/data"))

    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("ke@fu", "p/w", "ke fu")
    assert (entry["HOST"], entry["PORT"], entry["OPTIONS"]["sslmode"]) == ("db.example", "5433", "require")


def test_another_kind_of_database_is_refused():
    with pytest.raises(BadSetting):
        database("mysql://localhost/kefu", Path("/data"))
