"""What somebody typed into the tracer, read and checked: the same with script and without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from kefu.cases.deposits.words import Said, address_sentences, say, txid_sentences
from kefu.conversations.frames import LONGEST_TEXT
from kefu.exchange.chains.catalogue import Network, catalogue, networks_of
from kefu.exchange.chains.checks import check_address, check_txid, txid_written
from kefu.exchange.chains.findings import Finding, Thing, Verdict
from kefu.exchange.chains.memos import MemoProblem, check_memo, memo_written
from kefu.safety.addresses import NotAnAddress, mail_address
from kefu.safety.guard import guard
from kefu.ui.zones import zone_called

OTHER_COIN = "OTHER"
AHEAD = timedelta(minutes=5)
LONGEST_FIELD = 500
# A TxID of another network may be the right one, and the network the slip.
ASKED_ABOUT = frozenset({Verdict.VALID, Verdict.POSSIBLE, Verdict.OTHER_NETWORK})
# "1,250" alone is 1250 to some and 1.25 to others, so groups count where there are two of them or a point.
PLAIN_NUMBER = re.compile(
    r"[0-9]{1,15}(?:\.[0-9]{1,18})?|[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,4}|(?:,[0-9]{3}){1,4}\.[0-9]{1,18})"
)
# The year of the first block of all.
FIRST_YEAR = 2009
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
NAMES = (
    "coin",
    "network",
    "txid",
    "address",
    "memo",
    "amount",
    "when",
    "words",
    "email",
    "client_id",
    "zone",
)


@dataclass(frozen=True)
class Checked:
    """`typed` is what may be shown again: without anything that may be a secret. `problems` stand in the way, by field.

    `said` are the sentences for TxID and address; they stand in the way only where they are problems too.
    """

    typed: dict[str, str]
    txid: Finding
    address: Finding
    network: Network | None
    amount: Decimal | None = None
    at: datetime | None = None
    problems: dict[str, str] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def has_more(self) -> bool:
        """Was anything typed that only a case needs?"""
        return any(self.typed[name] for name in ("amount", "when", "words", "email"))

    @property
    def coin(self) -> str:
        return "" if self.typed["coin"] == OTHER_COIN else self.typed["coin"]

    @property
    def first_network(self) -> str:
        """Where to look first: what was chosen, else what the TxID's writing tells; "" if it is written like none."""
        if self.txid.verdict not in ASKED_ABOUT:
            return ""
        if self.network:
            return self.network.key
        own = {one.key for one in networks_of(self.coin)}
        return next((key for key in self.txid.networks if key in own), "")

    def txid_on(self, network: str) -> str:
        """As that network writes it."""
        found = catalogue().networks.get(network)
        return (txid_written(found, self.txid.value) if found else None) or self.txid.value

    @property
    def memo(self) -> str:
        return memo_written(self.typed["memo"], self.network)

    @property
    def is_internal(self) -> bool:
        return self.txid.thing is Thing.INTERNAL


def read(values: Mapping[str, str]) -> Checked:
    typed = {name: values.get(name, "")[:LONGEST_FIELD] for name in NAMES}
    # A form sends every new line as two characters.
    typed["words"] = values.get("words", "").replace("\r\n", "\n")
    if not CLIENT_ID.fullmatch(typed["client_id"]):
        typed["client_id"] = uuid4().hex
    network = catalogue().networks.get(typed["network"])
    coin = "" if typed["coin"] == OTHER_COIN else typed["coin"]
    txid = check_txid(typed["txid"], coin=coin, network=typed["network"])
    address = check_address(typed["address"], coin=coin, network=typed["network"])
    checked = Checked(_shown(typed, txid, address), txid, address, network)
    checked = replace(checked, said=_said(txid, address), problems=_problems(checked))
    return _with_amount(_with_moment(checked))


def _shown(typed: dict[str, str], txid: Finding, address: Finding) -> dict[str, str]:
    """Of a value taken from a link or freed of what nobody sees, the value itself."""
    free = {name: str(guard(typed[name]).cut(LONGEST_FIELD)) for name in ("memo", "amount", "when", "email")}
    zone = typed["zone"] if zone_called(typed["zone"]) else ""
    values = {"txid": txid.value, "address": address.value, "words": str(guard(typed["words"])), "zone": zone}
    return typed | free | values


def _said(txid: Finding, address: Finding) -> dict[str, Said]:
    found = {"txid": say(txid, txid_sentences()), "address": say(address, address_sentences())}
    return {name: one for name, one in found.items() if one is not None}


def _problems(checked: Checked) -> dict[str, str]:
    """All of them at once: nobody likes to be sent back twice."""
    found = {
        "coin": _coin_problem(checked.typed["coin"]),
        "network": _network_problem(checked),
        "txid": _txid_problem(checked.txid),
        "address": _address_problem(checked.address),
        "memo": _memo_problem(checked),
        "words": _words_problem(checked.typed["words"]),
        "email": _email_problem(checked.typed["email"]),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def _coin_problem(coin: str) -> str:
    return "" if coin == OTHER_COIN or coin in catalogue().coins else gettext("Choose the coin.")


def _network_problem(checked: Checked) -> str:
    network, coin = checked.network, checked.coin
    if network is None or network in networks_of(coin):
        return ""
    return gettext("%(coin)s is not sent over %(network)s. Choose another network, or “Not sure”.") % {
        "coin": coin,
        "network": network.name,
    }


def _txid_problem(finding: Finding) -> str:
    if finding.verdict is Verdict.EMPTY:
        return gettext(
            "Paste the TxID. If there is none yet, it has not been sent: ask where you sent it from."
        )
    certain = {Verdict.SECRET, Verdict.IMPOSSIBLE}
    is_wrong = finding.verdict in certain or (finding.thing is Thing.ADDRESS and finding.is_sure)
    return _sentence(finding, txid_sentences()) if is_wrong else ""


def _address_problem(finding: Finding) -> str:
    """What may be a TxID may be a private key as well, so it is never kept as an address."""
    certain = {Verdict.SECRET, Verdict.IMPOSSIBLE}
    is_wrong = finding.verdict in certain or finding.thing is Thing.TXID
    return _sentence(finding, address_sentences()) if is_wrong else ""


def _sentence(finding: Finding, sentences: Mapping[str, str]) -> str:
    said = say(finding, sentences)
    return said.text if said else ""


def _memo_problem(checked: Checked) -> str:
    problem = check_memo(checked.typed["memo"], checked.network) if checked.network else None
    return {
        None: "",
        MemoProblem.NOT_A_NUMBER: gettext("A tag is a whole number. Copy it from your deposit page."),
        MemoProblem.TOO_LARGE: gettext("No tag is larger than 4294967295. Copy it once more."),
        MemoProblem.TOO_LONG: gettext("That is longer than a memo can be on this network."),
    }[problem]


def _words_problem(typed: str) -> str:
    if len(typed.strip()) > LONGEST_TEXT:
        return gettext("That is longer than 8,000 characters. Shorten it, or send it in two parts.")
    return ""


def _email_problem(typed: str) -> str:
    try:
        if typed:
            mail_address(typed)
    except NotAnAddress:
        return gettext("That is not a complete e-mail address. Correct it, or leave it empty.")
    return ""


def _with_amount(checked: Checked) -> Checked:
    typed = unicodedata.normalize("NFKC", checked.typed["amount"]).strip()
    if not typed:
        return checked
    match = PLAIN_NUMBER.fullmatch(typed)
    amount = Decimal(typed.replace(",", "")) if match else Decimal(0)
    coin = catalogue().coins.get(checked.coin)
    decimals = len(typed.partition(".")[2])
    if amount <= 0:
        return _but(checked, "amount", gettext("Write the amount in digits, such as 1250 or 0.05."))
    if coin and decimals > coin.scale:
        words = gettext("%(coin)s has at most %(scale)s decimals.") % {"coin": coin.key, "scale": coin.scale}
        return _but(checked, "amount", words)
    return replace(checked, amount=amount)


def _with_moment(checked: Checked) -> Checked:
    """As the reader's clock shows it; of an hour that comes twice in autumn, the first."""
    typed = checked.typed["when"]
    if not typed:
        return checked
    try:
        naive = parse_datetime(typed)
    except ValueError:
        naive = None
    if naive is None or naive.tzinfo is not None or naive.year < FIRST_YEAR:
        return _but(checked, "when", gettext("Choose day and time again."))
    zone: Any = zone_called(checked.typed["zone"]) or timezone.get_current_timezone()
    latest = timezone.now() + AHEAD
    # The last year of all has no next one to count in another zone.
    is_ahead = naive.year > latest.year + 1
    at = latest if is_ahead else naive.replace(tzinfo=zone).astimezone(UTC)
    if is_ahead or at > latest:
        return _but(checked, "when", gettext("That is in the future. Choose the time when it was sent."))
    return replace(checked, at=at)


def _but(checked: Checked, name: str, sentence: str) -> Checked:
    return replace(checked, problems=checked.problems | {name: sentence})
