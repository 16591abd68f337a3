"""What the page's script needs to look at a TxID in the browser: the same patterns and the same sentences as here.

A TxID box may hold a private key, so nothing of it is sent while somebody types.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kefu.cases.deposits.words import TONES, address_sentences, for_browser, txid_sentences
from kefu.exchange.chains.catalogue import HEX, catalogue
from kefu.exchange.chains.checks import INTERNAL, TELLING, letters_of
from kefu.exchange.chains.reading import SECRET_SHAPES


def browser_data() -> dict[str, Any]:
    networks = catalogue().networks
    return {
        "networks": {
            key: {
                "name": one.name,
                "txid": one.txid.pattern,
                "letters": letters_of(one.txid),
                "length": one.txid.length,
                "size": one.txid.size,
                "prefixed": one.txid.is_prefixed,
                "memo": bool(one.memo),
                "addresses": [form.looks for form in one.formats],
            }
            for key, one in networks.items()
        },
        "coins": {key: [one.key for one in coin.networks] for key, coin in catalogue().coins.items()},
        "hosts": [(host, key) for key, one in networks.items() for host in one.hosts],
        "hex": HEX,
        "secrets": SECRET_SHAPES,
        "internal": INTERNAL,
        "addresses": TELLING,
        "say": for_browser(txid_sentences() | {"txid": address_sentences()["txid"]}),
        "tones": dict(TONES),
        "address_url": reverse("tools:deposit_address"),
    }
