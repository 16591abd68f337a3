from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.chains.checks import check_address
from kefu.exchange.chains.digests import keccak256
from kefu.exchange.chains.findings import Thing, Verdict
from kefu.exchange.chains.formats import FORMATS, Fit
from kefu.exchange.chains.tests.right_values import in_base58, with_check
from kefu.exchange.chains.tests.vectors import BAD, GOOD, PLAIN
from kefu.safety import base58

NETWORKS = tuple(catalogue().networks)
RIGHT = {Verdict.VALID, Verdict.FITS}
# One address of each format that has a checksum.
SAMPLES = {
    (network, next(name for name, one in FORMATS.items() if one.of(address) is Fit.SURE)): address
    for network, address, _ in reversed(GOOD)
    if network not in {"bsc", "polygon", "arbitrum", "optimism", "base", "avalanche"}
}


@pytest.mark.parametrize(("network", "address", "published"), GOOD)
def test_a_published_address_is_valid_on_its_network(network: str, address: str, published: str) -> None:
    assert check_address(address, network=network).verdict is Verdict.VALID, published


@pytest.mark.parametrize(("network", "address", "published"), PLAIN)
def test_an_address_without_a_checksum_is_said_to_fit_and_no_more(
    network: str, address: str, published: str
) -> None:
    assert check_address(address, network=network).verdict is Verdict.FITS, published


@pytest.mark.parametrize(("network", "address", "published"), BAD)
def test_what_is_published_as_wrong_is_never_taken_for_right(
    network: str, address: str, published: str
) -> None:
    verdict = check_address(address, network=network).verdict

    assert verdict in {Verdict.IMPOSSIBLE, Verdict.UNRECOGNISED}, published


def test_every_chain_of_the_catalogue_has_a_published_address() -> None:
    assert {network for network, _, _ in (*GOOD, *PLAIN)} == set(NETWORKS)


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_a_right_address_is_called_impossible_on_no_network(network: str) -> None:
    findings = {address: check_address(address, network=network) for _, address, _ in (*GOOD, *PLAIN)}

    right = {Verdict.VALID, Verdict.FITS, Verdict.OTHER_NETWORK}
    assert {one: found for one, found in findings.items() if found.verdict not in right} == {}
    assert [address for address, found in findings.items() if not found.networks] == []


# What each format has by its own specification, whatever formats.py says of it.
CHECKSUMS = {
    **dict.fromkeys(("bitcoin", "litecoin", "dogecoin", "tron", "xrp"), "four bytes of SHA-256, twice"),
    **dict.fromkeys(("bitcoin_segwit", "litecoin_segwit", "cardano", "cosmos"), "bech32 or bech32m"),
    **dict.fromkeys(("stellar", "ton"), "CRC-16"),
    "cashaddr": "a BCH code of 40 bits",
    "evm": "capitals, by Keccak (EIP-55)",
    "cardano_byron": "CRC-32",
    "polkadot": "two bytes of BLAKE2b",
}


def test_each_format_that_has_a_checksum_says_so_and_is_tried_with_slips() -> None:
    claimed = {name for name, one in FORMATS.items() if one.has_checksum}

    assert claimed == set(CHECKSUMS) == {name for _, name in SAMPLES}
    assert set(FORMATS) - set(CHECKSUMS) == {"solana"}


@pytest.mark.slow
@pytest.mark.parametrize(("network", "name"), sorted(SAMPLES))
def test_every_single_wrong_character_is_caught_where_there_is_a_checksum(network: str, name: str) -> None:
    address = SAMPLES[network, name]
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    missed = [
        wrong
        for at, right in enumerate(address)
        for letter in letters
        if letter != right and _is_taken(network, wrong := f"{address[:at]}{letter}{address[at + 1 :]}")
    ]

    assert missed == []


def _is_taken(network: str, wrong: str) -> bool:
    return any(one.of(wrong) in {Fit.SURE, Fit.PLAIN} for one in catalogue().networks[network].formats)


def test_where_all_letters_are_small_an_evm_address_has_no_checksum_to_catch_a_slip() -> None:
    assert check_address("0x" + "a" * 40, network="ethereum").verdict is Verdict.FITS


def test_characters_that_can_not_be_are_named() -> None:
    finding = check_address("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj0O", network="tron")

    assert finding.verdict is Verdict.IMPOSSIBLE
    assert finding.misfits == (32, 33)


def test_a_letter_of_another_script_is_named_and_what_nobody_sees_is_taken_out() -> None:
    cyrillic = check_address(
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Веаed".replace("Ве", "ВЕ"), network="ethereum"
    )
    unseen = check_address("\u200bTR7NHqjeKQxGTCi8 q8ZY4pL8otSzgjLj6t\u2060", network="tron")

    assert cyrillic.verdict in {Verdict.IMPOSSIBLE, Verdict.UNRECOGNISED}
    assert (unseen.verdict, unseen.unseen) == (Verdict.VALID, 2)


def test_full_width_letters_are_read_as_what_they_are() -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) for one in "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")

    assert check_address(wide, network="tron").verdict is Verdict.VALID


def test_another_networks_address_is_told_with_the_coins_own_networks_first() -> None:
    finding = check_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", coin="USDT", network="tron")

    assert finding.verdict is Verdict.OTHER_NETWORK
    assert finding.networks == ("ethereum", "bsc", "polygon", "arbitrum", "optimism", "avalanche")


def test_who_is_not_sure_of_the_network_is_offered_the_coins_that_fit() -> None:
    sure = check_address("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", coin="USDT")
    other = check_address("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", coin="BTC")

    assert (sure.verdict, sure.networks) == (Verdict.POSSIBLE, ("tron",))
    assert (other.verdict, other.networks) == (Verdict.OTHER_NETWORK, ("tron",))


@pytest.mark.parametrize(
    ("slip", "coin", "networks"),
    [
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "USDT", ("tron",)),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "", ("tron",)),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "BTC", ("tron",)),
        ("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv", "BTC", ("bitcoin",)),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz", "BTC", ("bitcoin",)),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", "ETH", ("ethereum", "arbitrum", "optimism", "base")),
        ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTj", "XRP", ("xrp",)),
        ("Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAj", "ADA", ("cardano",)),
    ],
)
def test_who_is_not_sure_of_the_network_is_told_of_a_slip(
    slip: str, coin: str, networks: tuple[str, ...]
) -> None:
    finding = check_address(slip, coin=coin)

    assert (finding.verdict, finding.networks) == (Verdict.TYPO, networks)


@pytest.mark.parametrize(
    "text",
    [
        # Bitcoin's or Litecoin's: nobody can tell.
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz",
        "hello",
        "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DAA",
    ],
)
def test_of_what_has_the_looks_of_several_formats_or_of_none_no_slip_is_told(text: str) -> None:
    assert check_address(text).verdict is Verdict.UNRECOGNISED


@pytest.mark.parametrize("coin", ["", "USDT", "BTC", "ADA"])
def test_a_right_address_is_no_slip_to_who_is_not_sure(coin: str) -> None:
    found = {address: check_address(address, coin=coin).verdict for _, address, _ in (*GOOD, *PLAIN)}

    right = {Verdict.POSSIBLE, Verdict.OTHER_NETWORK}
    assert {address: verdict for address, verdict in found.items() if verdict not in right} == {}


def test_letters_that_can_not_be_are_named_to_who_is_not_sure_too() -> None:
    finding = check_address("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj0O", coin="USDT")

    assert (finding.verdict, finding.misfits) == (Verdict.TYPO, (32, 33))


@pytest.mark.parametrize(
    ("network", "body"),
    [
        *(("bitcoin", bytes(size)) for size in (20, 22)),
        *(("tron", b"\x41" + bytes(size)) for size in (19, 21)),
        *(("xrp", bytes(size)) for size in (20, 22)),
    ],
)
def test_a_good_checksum_around_too_much_or_too_little_is_no_address(network: str, body: bytes) -> None:
    alphabet = base58.XRP if network == "xrp" else base58.BITCOIN

    assert check_address(with_check(body, alphabet), network=network).verdict not in RIGHT


@pytest.mark.parametrize("size", [31, 33])
def test_an_address_of_solana_has_32_bytes(size: int) -> None:
    assert check_address(in_base58(b"\xff" * size), network="solana").verdict not in RIGHT


@pytest.mark.parametrize("size", [31, 33])
def test_an_account_of_polkadot_has_32_bytes(size: int) -> None:
    body = b"\0" + b"\xff" * size
    address = in_base58(body + hashlib.blake2b(b"SS58PRE" + body).digest()[:2])

    assert check_address(address, network="polkadot").verdict not in RIGHT


def test_a_txid_in_the_box_for_addresses_is_told() -> None:
    for txid in ("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "0x" + "5c" * 32):
        finding = check_address(txid, network="tron")

        assert (finding.verdict, finding.thing) == (Verdict.OTHER_THING, Thing.TXID)


def test_an_address_is_taken_out_of_an_explorers_link() -> None:
    finding = check_address(
        "https://tronscan.org/#/address/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", network="tron"
    )

    assert (finding.verdict, finding.value, finding.from_link) == (
        Verdict.VALID,
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        True,
    )


def test_no_prefix_before_the_digits_is_no_mistake() -> None:
    finding = check_address("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", network="ethereum")

    assert (finding.verdict, finding.value[:4]) == (Verdict.VALID, "0x5a")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\n"])
def test_nothing_typed_is_nothing_wrong(text: str) -> None:
    assert check_address(text, network="tron").verdict is Verdict.EMPTY


@given(
    some.binary(min_size=20, max_size=20), some.sampled_from([(0, "bitcoin"), (5, "bitcoin"), (0x41, "tron")])
)
def test_whatever_the_hash_its_address_is_valid(digest: bytes, kind: tuple[int, str]) -> None:
    version, network = kind
    body = bytes([version]) + digest
    address = _encode(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4])

    assert check_address(address, network=network).verdict is Verdict.VALID


@given(some.binary(min_size=32, max_size=32))
def test_whatever_the_key_its_solana_address_fits(key: bytes) -> None:
    assert check_address(_encode(key), network="solana").verdict is Verdict.FITS


@given(some.text(max_size=120))
def test_whatever_is_typed_has_an_answer(text: str) -> None:
    for network in ("", *NETWORKS):
        check_address(text, coin="USDT", network=network)


def _encode(raw: bytes) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = base58.BITCOIN[rest] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def test_keccak_is_the_one_before_sha3() -> None:
    """The Keccak team's known answers: the empty text, and one longer than a block."""
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"a" * 200) != keccak256(b"a" * 201)
    assert len(keccak256(b"a" * 136)) == 32
