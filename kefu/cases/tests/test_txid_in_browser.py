"""A TxID is looked at in the browser by the rules of the server: one corpus, the same sentence and the same networks."""

from __future__ import annotations

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from kefu.cases.deposits.browser import browser_data
from kefu.cases.deposits.words import key_of
from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.chains.checks import check_address, check_txid
from kefu.exchange.chains.findings import Thing, Verdict
from kefu.exchange.chains.tests.right_values import digest, in_base58, some_addresses, some_txids
from kefu.exchange.chains.tests.test_txids import SECRETS
from kefu.exchange.chains.tests.vectors import BAD, GOOD, PLAIN, TXIDS
from tests.chromium import launch

pytestmark = [pytest.mark.journey]

HOUSE = Path(__file__).parents[2]
HEX = TXIDS[0][1]
SOLANA = next(txid for network, txid, _ in TXIDS if network == "solana")
OTHERS = (
    *(
        "",
        "   ",
        "302948571",
        "Internal transfer 20384756",
        "内部转账：8273645",
        HEX[:40],
        f"0x{HEX[:30]}",
        "g" + HEX[1:],
    ),
    *(
        HEX.upper(),
        f"0X{HEX}",
        f"\u200b{HEX[:30]} {HEX[30:]}\u2060",
        "".join(chr(ord(one) + 0xFEE0) for one in HEX),
    ),
    *(f"https://tronscan.org/#/transaction/{HEX}", f"https://www.bscscan.com/tx/0x{HEX}?a=b#eventlog"),
    *(
        f"https://www.blockchain.com/explorer/transactions/eth/0x{HEX}",
        f"https://www.mintscan.io/osmosis/tx/{HEX}",
        f"https://www.mintscan.io/cosmos/tx/{HEX}",
        "https://tonscan.org/tx/%2BhPQc0%2FEV2KNv9BgBQ8q%2Fp0ZB5Sj0uo8vfF4ftAkdeY%3D",
        f"https://etherscan.io/tx/0x{HEX}?fbclid=IwAR0{'x1Y' * 30}",
        f"https://explorer.example/#/tx/0x{HEX}?a=b&fbclid=IwAR0{'x1Y' * 30}",
        "https://bscscan.com/tx/" + "r" + SOLANA[1:],
    ),
    *(first + SOLANA[1:-1] for first in "qpzrQPZR"),
    *("z" * 86, "z" * 87, "z" * 88, "y" * 86, "y" * 88, "1" * 86, "1" * 88),
    *("QEDQJ4HKVRHEEMAJJWGKRIPV7ANZ2GT4WJ63IPNFXBWZ5WWNVWXA", "\ufdfa" * 60, f"0X{HEX.upper()}"),
    *(value for _, value in (*some_addresses(80), *some_txids(40))),
    *(f"https://user@etherscan.io:443/tx/0x{HEX}", "https://etherscan.io/", "https://", "http://%zz/%"),
    *("12345678-2", "星海", "🪙" * 30, "a" * 600, HEX[:-1] + "а", "{networks} %(letters)s", f"{HEX}0"),
)
# What only the server can know: a key file of Solana, whose halves belong together.
CORPUS = [
    *(text for _, text, _ in (*GOOD, *PLAIN, *BAD, *TXIDS)),
    *(text for name, text in SECRETS.items() if "Solana" not in name),
    *OTHERS,
]
ASK = """async ([cases, data]) => {
  const { check } = await import("/cases/static/cases/txid.js");
  return cases.map(([text, coin, network]) => {
    const { key, networks, letters = "" } = check(text, { coin, network }, data);
    return [key, networks, letters];
  });
}"""


class Quiet(SimpleHTTPRequestHandler):
    """The rooms' own folders, with scripts where a page would have them."""

    def translate_path(self, path: str) -> str:
        plain = path.partition("?")[0]
        if plain.startswith("/cases/static/safety/"):
            plain = plain.replace("/cases/static/", "/safety/static/")
        return super().translate_path(plain)

    def log_message(self, *_args: object) -> None:
        """A test's log holds what failed, nothing else."""


def on_server(text: str, coin: str, network: str) -> list[object]:
    finding = check_txid(text, coin=coin, network=network)
    if finding.verdict is Verdict.EMPTY:
        return ["", [], ""]
    key = key_of(finding)
    letters = " ".join(dict.fromkeys(finding.value[at] for at in finding.misfits))
    return [key, list(finding.networks), letters]


def in_browser(function: str, cases: list) -> list:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=HOUSE))
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/cases/static/cases/txid.js")
            answers = page.evaluate(function, [cases, json.loads(json.dumps(browser_data()))])
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
    return list(answers)


def test_the_browser_says_of_the_corpus_what_the_server_says() -> None:
    cases = [
        (text, coin, network)
        for text in CORPUS
        for coin, network in [
            ("USDT", ""),
            ("", ""),
            ("USDT", "tron"),
            *(("", key) for key in catalogue().networks),
        ]
    ]

    differ = [
        (case, answer, expected)
        for case, answer in zip(cases, in_browser(ASK, cases), strict=True)
        if answer != (expected := on_server(*case))
    ]
    assert differ == []


def test_of_an_address_box_only_what_looks_like_an_address_is_asked_about() -> None:
    # As long as a key of 64 bytes is Cardano's oldest kind, which is checked with the form.
    addresses = [
        address
        for _, address, _ in (*GOOD, *PLAIN)
        if len(address) >= 26 and set(address) != {"1"} and address[:3] != "Ddz"
    ]
    secrets = [
        *SECRETS.values(),
        *(HEX, HEX.upper(), f"0x{HEX}", HEX[:44], HEX[:32], f"0x{HEX[:50]}", f"1{HEX[:32]}", SOLANA),
        *(
            "legal",
            "legal winner",
            "legal winner thank year wave sausage worth",
            "1legal winnerthankyearwavesa",
        ),
        in_base58(digest(1)),
    ]
    function = """async ([cases, data]) => {
      const { isToAsk } = await import("/cases/static/cases/txid.js");
      return cases.map(([text, network]) => isToAsk(text, network, data));
    }"""
    cases = [*((one, "tron") for one in secrets), *((one, "solana") for one in addresses)]
    asked = [text for (text, _), is_asked in zip(cases, in_browser(function, cases), strict=True) if is_asked]

    assert asked == addresses


def test_what_may_be_a_txid_or_a_key_is_held_back_in_an_address_box() -> None:
    function = """async ([cases, data]) => {
      const { isRatherTxid } = await import("/cases/static/cases/txid.js");
      return cases.map((text) => isRatherTxid(text, data));
    }"""
    held = [
        HEX,
        HEX.upper(),
        f"0x{HEX}",
        f"0X{HEX}",
        f" {HEX[:30]} {HEX[30:]}",
        SOLANA,
        f"https://etherscan.io/tx/0x{HEX}",
    ]
    free = [*(address for _, address, _ in (*GOOD, *PLAIN)), HEX[:63], "z" * 88, "", "星海"]
    cases = [*held, *free]

    answers = zip(cases, in_browser(function, cases), strict=True)
    assert [text for text, is_held in answers if is_held] == held
    assert [text for text in cases if check_address(text).thing is Thing.TXID] == held
