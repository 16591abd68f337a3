"""A right value is never taken for a secret, for something that can't be, or for another thing."""

from __future__ import annotations

import base64

import pytest

from kefu.exchange.chains.checks import check_address, check_txid
from kefu.exchange.chains.findings import Verdict
from kefu.exchange.chains.reading import is_secret
from kefu.exchange.chains.tests.right_values import digest, some_addresses, some_txids, with_check
from kefu.safety.guard import guard

# Thousands of values each.
pytestmark = pytest.mark.slow

# What the guard once took for a password, because "pwd" stands inside.
WITH_PWD = (
    ("bitcoin", "bc1pwd7xh9mnlgp3hmj8s7khsrfvnj0vkvm45lqlfk7cq3axe4wx0dxq4n2hgl"),
    ("litecoin", "LXgrkMXu5x8rH8pWD1AVg8cz54CaEb7e4m"),
    ("xrp", "XVbaqhGabqkf5BcjA856C3Jg4Dt8BjQRSkA2F2pwD9ZS2Ae"),
    ("ton", "UQAVbYv3FDTNRfHWR6j5Fvr3J1PWD5kelDVw_Dsv6erBjWgj"),
)
RIGHT = {Verdict.VALID, Verdict.FITS}


def test_thousands_of_addresses_and_txids_are_no_secret_to_the_guard() -> None:
    values = [value for _, value in (*WITH_PWD, *some_addresses(8_000), *some_txids(4_000))]

    assert [value for value in values if guard(value).found] == []


def test_no_right_value_is_a_secret_to_the_tracer_either() -> None:
    values = [value for _, value in (*WITH_PWD, *some_addresses(4_000), *some_txids(2_000))]

    assert [value for value in values if is_secret(value)] == []


def test_what_other_chains_publish_is_no_key() -> None:
    """As long as a key, and of the same letters: Tezos's operations and blocks, Algorand's TxIDs."""
    tezos = [with_check(start + digest(seed)) for seed in range(600) for start in (b"\x05\x74", b"\x01\x34")]
    algorand = [base64.b32encode(digest(seed)).decode().rstrip("=") for seed in range(2_000)]

    assert [value for value in (*tezos, *algorand) if guard(value).found or is_secret(value)] == []


def test_a_right_address_is_right_on_its_network() -> None:
    wrong = [
        (network, value, verdict)
        for network, value in (*WITH_PWD, *some_addresses(1_500))
        if (verdict := check_address(value, network=network).verdict) not in RIGHT
    ]

    assert wrong == []


def test_a_right_txid_is_right_on_its_network_and_told_of_on_others() -> None:
    values = some_txids(900)
    wrong = [
        (network, value, verdict)
        for network, value in values
        if (verdict := check_txid(value, network=network).verdict) is not Verdict.VALID
    ]
    elsewhere = {
        check_txid(value, network=other).verdict for _, value in values for other in ("tron", "polkadot")
    }

    assert wrong == []
    assert elsewhere <= {Verdict.VALID, Verdict.OTHER_NETWORK}
