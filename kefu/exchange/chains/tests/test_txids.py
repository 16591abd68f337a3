from __future__ import annotations

from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.chains.checks import check_address, check_txid
from kefu.exchange.chains.findings import Thing, Verdict
from kefu.exchange.chains.memos import MemoProblem, check_memo, memo_written
from kefu.exchange.chains.reading import LONGEST, read
from kefu.exchange.chains.tests.right_values import with_check
from kefu.exchange.chains.tests.test_addresses import _encode
from kefu.exchange.chains.tests.vectors import GOOD, TXIDS
from kefu.safety import base58

NETWORKS = catalogue().networks
HEX = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
SOLANA = "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW"
EVM = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"


@pytest.mark.parametrize(("network", "txid", "published"), TXIDS)
def test_a_published_txid_is_valid_on_its_network(network: str, txid: str, published: str) -> None:
    finding = check_txid(txid, network=network)

    assert (finding.verdict, finding.value) == (Verdict.VALID, txid), published


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("txid", [txid for _, txid, _ in TXIDS])
def test_a_right_txid_is_called_impossible_on_no_network(network: str, txid: str) -> None:
    assert check_txid(txid, network=network).verdict in {Verdict.VALID, Verdict.OTHER_NETWORK}


def test_every_chain_of_the_catalogue_has_a_published_txid() -> None:
    assert {network for network, _, _ in TXIDS} == set(NETWORKS)


def test_a_hash_of_ton_is_as_right_in_base64_for_links_as_in_hex() -> None:
    found = {check_txid(txid, coin="TON").verdict for network, txid, _ in TXIDS if network == "ton"}

    assert found == {Verdict.POSSIBLE}


def test_a_bare_hash_fits_many_networks_and_the_coin_says_which() -> None:
    assert check_txid(HEX, coin="USDT").networks[:3] == ("tron", "ton", "ethereum")
    assert check_txid(HEX, coin="BTC").networks == ("bitcoin",)
    assert check_txid(HEX, coin="BTC").verdict is Verdict.POSSIBLE


def test_another_networks_txid_is_told_with_the_coins_networks() -> None:
    finding = check_txid(EVM, coin="USDT", network="tron")

    assert finding.verdict is Verdict.OTHER_NETWORK
    assert finding.networks[:2] == ("ethereum", "bsc")


def test_where_0x_is_missing_it_is_put_there_and_told() -> None:
    finding = check_txid(EVM[2:].upper(), network="ethereum")

    assert (finding.verdict, finding.value, finding.prefixed) == (Verdict.VALID, EVM, True)


def test_each_network_has_its_own_capitals() -> None:
    assert check_txid(HEX.upper(), network="tron").value == HEX
    assert check_txid(HEX, network="xrp").value == HEX.upper()


# A shorter one can be anything, so its looks tell nothing.
TELLING = [(network, address) for network, address, _ in GOOD if len(address) >= 26]


@pytest.mark.parametrize(("network", "address"), TELLING)
def test_an_address_in_the_box_for_txids_is_told(network: str, address: str) -> None:
    finding = check_txid(address, network=network)

    assert (finding.verdict, finding.thing) == (Verdict.OTHER_THING, Thing.ADDRESS)


@pytest.mark.parametrize(
    "text", ["302948571", "Internal transfer 20384756", "内部转账：8273645", "Off-chain transfer #1029384"]
)
def test_the_number_of_an_internal_transfer_is_told(text: str) -> None:
    finding = check_txid(text, network="tron")

    assert (finding.verdict, finding.thing) == (Verdict.OTHER_THING, Thing.INTERNAL)


@pytest.mark.parametrize(
    ("link", "network", "value"),
    [
        (f"https://tronscan.org/#/transaction/{HEX}", "tron", HEX),
        (f"https://etherscan.io/tx/{EVM}#eventlog", "ethereum", EVM),
        (f"https://www.blockchain.com/explorer/transactions/btc/{HEX}", "bitcoin", HEX),
        (f"https://explorer.example/some/where?tx={HEX}&lang=zh", "tron", HEX),
    ],
)
def test_a_txid_is_taken_out_of_an_explorers_link(link: str, network: str, value: str) -> None:
    finding = check_txid(link, network=network)

    assert (finding.verdict, finding.value, finding.from_link) == (Verdict.VALID, value, True)


def test_a_link_of_another_networks_explorer_tells_which_network_it_is() -> None:
    finding = check_txid(f"https://bscscan.com/tx/{EVM}", coin="USDT", network="ethereum")
    unsure = check_txid(f"https://bscscan.com/tx/{EVM}", coin="USDT")

    assert (finding.verdict, finding.networks, finding.value) == (Verdict.OTHER_NETWORK, ("bsc",), EVM)
    assert (unsure.verdict, unsure.networks) == (Verdict.POSSIBLE, ("bsc",))


def test_a_links_network_only_narrows_what_fits() -> None:
    tron = check_txid(f"https://bscscan.com/tx/{SOLANA}", coin="USDT", network="tron")
    unsure = check_txid(f"https://bscscan.com/tx/{SOLANA}", coin="USDT")

    assert (tron.verdict, tron.networks) == (Verdict.OTHER_NETWORK, ("solana",))
    assert (unsure.verdict, unsure.networks) == (Verdict.POSSIBLE, ("solana",))


@pytest.mark.parametrize(
    ("place", "coin", "network"),
    [
        ("www.blockchain.com/explorer/transactions/eth", "ETH", "ethereum"),
        ("www.blockchain.com/explorer/transactions/btc", "BTC", "bitcoin"),
        ("blockchain.com/btc/tx", "BTC", "bitcoin"),
        ("www.blockchain.com/explorer/transactions/bch", "BCH", "bitcoincash"),
        ("www.mintscan.io/cosmos/tx", "ATOM", "cosmos"),
    ],
)
def test_an_explorer_of_several_networks_is_told_by_its_path(place: str, coin: str, network: str) -> None:
    txid = EVM if coin == "ETH" else HEX

    assert check_txid(f"https://{place}/{txid}", coin=coin).networks == (network,)
    assert check_txid(f"https://{place}/{txid}", coin=coin, network=network).verdict is Verdict.VALID


def test_another_chain_of_the_same_explorer_is_not_taken_for_the_one_that_we_know() -> None:
    assert read(f"https://www.mintscan.io/osmosis/tx/{HEX}").network is None


@pytest.mark.parametrize(
    "txid",
    [
        "+hPQc0/EV2KNv9BgBQ8q/p0ZB5Sj0uo8vfF4ftAkdeY=",
        "/sxbLrG7i+Zx0+4EJ6rQ+CMZ27aXGyJWxbTHjpOjuuQ=",
    ],
)
def test_a_txid_in_base64_comes_whole_out_of_a_link(txid: str) -> None:
    for link in (
        f"https://tonscan.org/tx/{quote(txid, safe='')}",
        f"https://tonviewer.com/transaction/{quote(txid, safe='')}?lang=zh",
        f"https://explorer.example/?hash={quote(txid, safe='')}",
    ):
        assert check_txid(link, coin="TON", network="ton").value == txid


def test_what_stands_beside_a_txid_in_a_link_is_not_taken_for_it() -> None:
    mark = "IwAR0" + "x1Y" * 30
    for link in (
        f"https://etherscan.io/tx/{EVM}?fbclid={mark}",
        f"https://explorer.example/#/tx/{EVM}?fbclid={mark}",
    ):
        assert check_txid(link, coin="ETH", network="ethereum").value == EVM


def test_where_0x_is_missing_the_coins_own_networks_are_meant() -> None:
    for typed in (HEX, HEX.upper(), f"0X{HEX.upper()}", f"0x{HEX}"):
        finding = check_txid(typed, coin="ETH")

        assert (finding.verdict, finding.value) == (Verdict.POSSIBLE, f"0x{HEX}")
        assert finding.networks == ("ethereum", "arbitrum", "optimism", "base")
        assert finding.prefixed is (not typed.lower().startswith("0x"))


def test_a_capital_x_is_the_same_prefix_on_another_network() -> None:
    assert check_txid(f"0X{HEX}", coin="USDT", network="tron").verdict is Verdict.OTHER_NETWORK


@pytest.mark.parametrize("first", "qpzrQPZR")
def test_what_begins_like_an_address_of_bitcoin_cash_is_no_address_for_that(first: str) -> None:
    signature = first + SOLANA[1:-1]
    algorand = first.upper() + "EDQJ4HKVRHEEMAJJWGKRIPV7ANZ2GT4WJ63IPNFXBWZ5WWNVWXA"

    assert check_txid(signature, coin="USDT", network="tron").networks == ("solana",)
    assert check_txid(signature, coin="BTC").verdict is Verdict.OTHER_NETWORK
    assert check_txid(algorand).verdict is Verdict.UNRECOGNISED


def test_an_address_is_sure_by_its_checksum_only() -> None:
    right, slip = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"

    assert check_txid(right, network="tron").is_sure
    assert not check_txid(slip, network="tron").is_sure


@pytest.mark.parametrize("text", ["y" * 86, "y" * 88, "1" * 86, "1" * 88])
def test_a_txid_of_solana_is_exactly_as_long_as_a_signature(text: str) -> None:
    """64 bytes (RFC 8032): 88 letters may hold 65, or more than 64 zeros."""
    finding = check_txid(text, coin="SOL", network="solana")

    assert finding.verdict is Verdict.UNRECOGNISED
    assert finding.wanted == (88 if len(text) < 88 else 0)
    assert check_txid(text, coin="SOL").verdict is Verdict.UNRECOGNISED
    assert check_txid("z" * 88, coin="SOL", network="solana").verdict is not Verdict.VALID


def test_letters_that_are_no_digits_of_a_hash_are_named() -> None:
    finding = check_txid("g" + HEX[1:-1] + "O", network="tron")

    assert (finding.verdict, finding.misfits) == (Verdict.IMPOSSIBLE, (0, 63))


def test_what_is_cut_short_is_not_certain_and_told_how_long_it_should_be() -> None:
    finding = check_txid(HEX[:40], network="tron")

    assert (finding.verdict, finding.wanted) == (Verdict.UNRECOGNISED, 64)


SEED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
XPRV = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"


def _versioned(version: str) -> str:
    return with_check(bytes.fromhex(version) + (base58.decode_checked(XPRV) or b"")[4:])


SECRETS = {
    "Bitcoin's wiki, wallet import format": "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
    "Bitcoin, compressed": "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617",
    "Litecoin Core, base58_keys_valid.json": "6uu5bsZLA2Lm6yCxgwxDxHyZmhYeqBMLQT83Fyq738YhYucQPQf",
    "Litecoin Core, compressed": "T6UsJv9hYpvDfM5noKYkB3vfeHxhyegkeWJ4y7qKeQJuyXMK11XX",
    "Dogecoin Core, base58_keys_valid.json": "6JFPe8b4jbpup7petSB98M8tcaqXCigji8fGrC8bEbbDQxQkQ68",
    "Dogecoin Core, compressed": "QP8WvtVMV2iU6y7LE27ksRspp4MAJizPWYovx88W71g1nfSdAhkV",
    "Litecoin, with a slip": "T6UsJv9hYpvDfM5noKYkB3vfeHxhyegkeWJ4y7qKeQJuyXMK11XY",
    "Litecoin, in two lines": "T6UsJv9hYpvDfM5noKYkB3vfeH\nxhyegkeWJ4y7qKeQJuyXMK11XX",
    "BIP-38, test vectors": "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg",
    "BIP-38, multiplied": "6PfQu77ygVyJLZjfvMLyhLMQbYnu5uguoJJ4kMCLqWwPEdfpwANVS76gTX",
    "BIP-32, test vector 1": XPRV,
    "BIP-32's key under Litecoin's version": _versioned("019d9cfe"),
    "BIP-32's key under Litecoin's version for scripts": _versioned("01b26792"),
    "BIP-32's key under Dogecoin's version": _versioned("02fac398"),
    "ripple-keypairs, Ed25519, in hex": "EDB4C4E046826BD26190D09715FC31F4E6A728204EADD112905B08B14B7F15C4F3",
    "ripple-keypairs, secp256k1, in hex": "00D78B9735C3F26501C7337B8A5727FD53A6EFDBC6AA55984F098488561F985E23",
    "Cardano, CIP-5, an old root key": "xprv1" + "q" * 150,
    "Cardano, a key of many": "addr_shared_xsk1" + "q" * 150,
    "Cardano, before CIP-5": "ed25519e_sk1" + "q" * 100,
    "Cardano, in capitals": "STAKE_SK1" + "Q" * 58,
    "Stellar, SEP-5, test 1": "SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN",
    "xrpl.org, the master seed of the genesis account": "snoPBrXtMeMyMHUVTgbuqAfg1SUTb",
    "a key file of Solana": _encode(SEED.private_bytes_raw() + SEED.public_key().public_bytes_raw()),
    "BIP-39, test vectors": "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "Tezos": "edsk3gUfUPyBSfrS9CCgmCiQsTCHGkviBDusMxDJstFtojtc1zcpsh",
    "Sui": "suiprivkey1" + "qzwant3kaegmjy4qxex93s0jzvemekkjmyv3r2sjwgnv2y479pgsyz"[:58],
    "XRP Ledger, secret numbers": "554872 394230 209376 323698 140250 387423 652803 258676",
    "XRP Ledger, an Ed25519 seed": "sEdTM1uX8pu2do5XvTnutH6HsouMaM2",
    "Cardano, an extended key": "addr_xsk1" + "q" * 200,
    "64 bytes in hex": HEX * 2,
    "named by its owner": f"private key: {HEX}",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_what_may_open_a_wallet_is_neither_kept_nor_said_again(secret: str) -> None:
    for check in (check_txid, check_address):
        finding = check(secret, coin="USDT", network="tron")

        assert (finding.verdict, finding.value) == (Verdict.SECRET, "")


def test_what_grows_when_it_is_normalised_is_cut() -> None:
    assert len(read("\ufdfa" * 60).value) <= LONGEST


@given(some.text(max_size=120))
def test_whatever_is_typed_has_an_answer(text: str) -> None:
    for network in ("", *NETWORKS):
        check_txid(text, coin="USDT", network=network)


@pytest.mark.parametrize(
    ("network", "memo", "problem"),
    [
        ("xrp", "", None),
        ("xrp", "4294967295", None),
        ("xrp", "4294967296", MemoProblem.TOO_LARGE),
        ("xrp", "12a", MemoProblem.NOT_A_NUMBER),
        ("xrp", "٣", MemoProblem.NOT_A_NUMBER),
        ("xrp", "１２３４５", None),
        ("xrp", "12345\u200b", None),
        ("xrp", "123 456", None),
        ("xrp", "00000000012345", None),
        ("xrp", "0004294967296", MemoProblem.TOO_LARGE),
        ("stellar", "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=", None),
        ("stellar", "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLsx", MemoProblem.TOO_LONG),
        ("stellar", "a" * 28, None),
        ("stellar", "星" * 10, MemoProblem.TOO_LONG),
        ("stellar", "ab" * 32, None),
        ("ton", "x" * 257, MemoProblem.TOO_LONG),
        ("bitcoin", "whatever", None),
    ],
)
def test_a_memo_is_held_to_its_network(network: str, memo: str, problem: MemoProblem | None) -> None:
    assert check_memo(memo, NETWORKS[network]) is problem


@pytest.mark.parametrize(
    ("network", "typed", "written"),
    [
        ("xrp", "１２３４５\u200b", "12345"),
        ("xrp", " 00012345 ", "12345"),
        ("xrp", "000", "0"),
        ("ton", "００1２\ufeff", "0012"),
        ("ton", "订单 １２", "订单 １２"),
        ("", "\u200b7", "7"),
    ],
)
def test_a_memo_is_kept_as_its_network_reads_it(network: str, typed: str, written: str) -> None:
    assert memo_written(typed, NETWORKS.get(network)) == written
