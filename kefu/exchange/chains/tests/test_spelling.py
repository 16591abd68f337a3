from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kefu.exchange.chains.spelling import spelled_alike
from kefu.exchange.chains.tests.vectors import GOOD, PLAIN, TXIDS

HEX = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


@pytest.mark.parametrize(
    "ways",
    [
        (HEX, HEX.upper(), f"0x{HEX}", f" {HEX}\u200b", f"https://tronscan.org/#/transaction/{HEX}"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        (
            "Er_oT5R3QK7D-qVPBKUGkJAOOq6ayVls-mgEphpI9Ck=",
            "Er/oT5R3QK7D+qVPBKUGkJAOOq6ayVls+mgEphpI9Ck=",
            "Er_oT5R3QK7D-qVPBKUGkJAOOq6ayVls-mgEphpI9Ck",
            "12bfe84f947740aec3faa54f04a50690900e3aae9ac9596cfa6804a61a48f429",
        ),
        (
            "EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPrHF",
            "UQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPuwA",
            "0:ca6e321c7cce9ecedf0a8ca2492ec8592494aa5fb5ce0387dff96ef6af982a3e",
        ),
        (
            "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
            "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
            "BITCOINCASH:QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A",
        ),
        (
            "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
            "LTC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KGMN4N9",
        ),
    ],
)
def test_however_it_is_written_it_is_the_same(ways: tuple[str, ...]) -> None:
    assert len({spelled_alike(one) for one in ways}) == 1


def test_no_two_published_values_are_one() -> None:
    values = {value for _, value, _ in (*GOOD, *PLAIN, *TXIDS)}
    spelled = [spelled_alike(value) for value in values]
    # Each is the same account or transaction twice: a case of the alphabet, a flag of TON's address, another base.
    twice = [one for one in set(spelled) if spelled.count(one) > 1]

    assert set(twice) <= {
        "0:ca6e321c7cce9ecedf0a8ca2492ec8592494aa5fb5ce0387dff96ef6af982a3e",
        "12bfe84f947740aec3faa54f04a50690900e3aae9ac9596cfa6804a61a48f429",
    }


@given(some.text(max_size=120))
def test_whatever_is_typed_has_a_spelling_that_stays(text: str) -> None:
    assert isinstance(spelled_alike(text), str)
