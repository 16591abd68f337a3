"""An answer of the tracer in plain words: what is so, what is missing, how long, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.utils.translation import gettext, ngettext, pgettext

from kefu.cases.deposits.standings import Told
from kefu.cases.deposits.tracing import Answer
from kefu.exchange.ledger import Restriction

GOOD = frozenset({Told.SEEN, Told.CONFIRMING, Told.COMPLETE, Told.CREDITED, Told.CONFIRMED})
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    """`state` is done, now, open or stuck."""

    name: str
    state: str
    note: str = ""

    @property
    def icon(self) -> str:
        return {"done": "check-circle", "now": "clock", "stuck": "warning"}.get(self.state, "pause")


def tone(answer: Answer) -> str:
    return "good" if answer.told in GOOD else "care"


def icon(answer: Answer) -> str:
    if answer.told in {Told.SEEN, Told.CONFIRMING, Told.COMPLETE}:
        return "clock"
    return "check-circle" if answer.told in GOOD else "warning"


def title(answer: Answer) -> str:
    values = _values(answer)
    return {
        Told.NOT_CONNECTED: gettext("This page can't look it up"),
        Told.UNAVAILABLE: gettext("It can't be looked up just now"),
        Told.BUSY: gettext("Many are looking just now"),
        Told.INTERNAL: gettext("This is an internal transfer"),
        Told.UNREADABLE: gettext("This is not written like a TxID"),
        Told.UNKNOWN: gettext("Not found on the chain"),
        Told.OTHER_NETWORK: gettext("Found on another network: %(network)s"),
        Told.SEEN: gettext("Sent, and in no block yet"),
        Told.CONFIRMING: gettext("On its way: %(have)s of %(needed)s confirmations"),
        Told.CONFIRMED: gettext("Complete on the chain"),
        Told.NOT_YOURS: gettext("Complete on the chain, but not among your deposits"),
        Told.COMPLETE: gettext("Complete, and about to be credited"),
        Told.CREDITED: gettext("Credited to your account"),
        Told.HELD: gettext("Arrived, and held for a check (%(code)s)")
        if values["code"]
        else gettext("Arrived, and held for a check"),
        Told.MISSING_MEMO: gettext("Arrived without memo or tag"),
        Told.BELOW_MINIMUM: gettext("Below the least amount"),
        Told.WRONG_NETWORK: gettext("Sent over a network that takes no deposits"),
    }[answer.told] % values


def sentences(answer: Answer) -> list[str]:
    values = _values(answer)
    said = [_first(answer, values)]
    if answer.told in {Told.SEEN, Told.CONFIRMING} and answer.left:
        said.append(how_long(answer.left))
    if answer.told is Told.HELD and answer.account:
        said.insert(0, _held(answer.account.restriction))
    return said


def _first(answer: Answer, values: Mapping[str, str | int]) -> str:
    if answer.told is Told.UNAVAILABLE and answer.again_in:
        return _silent(answer.again_in)
    return (_below(values) if answer.told is Told.BELOW_MINIMUM else _what(answer.told)) % values


def _what(told: Told) -> str:
    return (_of_the_chain() | _of_the_account())[told]


def _of_the_chain() -> dict[Told, str]:
    return {
        Told.NOT_CONNECTED: gettext(
            "We see how it is written and no more. Our people can look it up: open a case below."
        ),
        Told.UNAVAILABLE: gettext(
            "Our ledger does not answer. Look again in a few minutes, or open a case and we look for you."
        ),
        Told.BUSY: gettext(
            "Please try again in a moment. What you typed is still here, and you can open a case as well."
        ),
        Told.INTERNAL: gettext(
            "It goes from one account to another within a platform and is on no blockchain, so no explorer shows "
            "it. Open a case with this number."
        ),
        Told.UNREADABLE: gettext(
            "Copy the TxID once more from the withdrawal record. If it really looks like this there, open a case."
        ),
        Told.UNKNOWN: gettext(
            "No network of this coin that we watch knows this TxID. Just after sending it may be too early: look "
            "again in ten minutes. Otherwise compare coin and TxID with the withdrawal record. If an explorer "
            "shows it and we don't, open a case."
        ),
        Told.OTHER_NETWORK: gettext(
            "You chose another network, but it was sent over %(network)s. If your deposit page says %(network)s, "
            "all is well. If not, it is not credited by itself: open a case, and don't send again."
        ),
        Told.SEEN: gettext("Nothing is missing, and you need do nothing. Don't send it again."),
        Told.CONFIRMING: gettext(
            "Nothing is missing. It is credited by itself when all %(needed)s confirmations are there, and nobody"
            " can hurry them. Don't send it again."
        ),
        Told.CONFIRMED: gettext(
            "All %(needed)s confirmations are there. What became of it in the account is told to its owner alone:"
            " sign in at the exchange, open the chat there and choose “Trace a deposit”, or open a case."
        ),
        Told.NOT_YOURS: gettext(
            "All %(needed)s confirmations are there. Compare the address it was sent to with your deposit page, "
            "letter by letter. If it is yours, open a case."
        ),
    }


def _of_the_account() -> dict[Told, str]:
    """Only the owner hears these."""
    return {
        Told.COMPLETE: gettext(
            "All %(needed)s confirmations are there, and nothing is missing. If it is not in your account in half"
            " an hour, open a case."
        ),
        Told.CREDITED: gettext(
            "Look into all your wallets: funding, trading, earn. If you don't find it there, open a case."
        ),
        Told.HELD: gettext(
            "Your coins are safe. Open a case, and we tell you what is needed and how long it takes."
        ),
        Told.MISSING_MEMO: gettext(
            "The coins are on the chain and safe, but without it nobody can tell by itself whose they are. Open a"
            " case; don't send again."
        ),
        Told.WRONG_NETWORK: gettext(
            "It was sent over %(network)s, on which we take no deposits of %(coin)s. The coins are on the chain. "
            "Open a case and we look whether they can be recovered; don't send again."
        ),
    }


def _below(values: Mapping[str, str | int]) -> str:
    """The contract leaves both numbers to the platform."""
    return {
        (True, True): gettext(
            "A single deposit has to be at least %(minimum)s %(coin)s to be credited. This was %(amount)s %(coin)s."
        ),
        (True, False): gettext(
            "A single deposit has to be at least %(minimum)s %(coin)s to be credited. This was less."
        ),
        (False, True): gettext(
            "This was %(amount)s %(coin)s, which is too little to be credited. Your deposit page says how much it has to be."
        ),
        (False, False): gettext(
            "This was too little to be credited. Your deposit page says how much it has to be."
        ),
    }[bool(values["minimum"]), bool(values["amount"])]


def _silent(again_in: timedelta) -> str:
    """Rounded up, so that nobody looks too early."""
    if again_in <= AN_HOUR:
        minutes = max(1, ceil(again_in / A_MINUTE))
        words = ngettext(
            "Our ledger does not answer. Look again in about %(count)d minute, or open a case and we look for you.",
            "Our ledger does not answer. Look again in about %(count)d minutes, or open a case and we look for you.",
            minutes,
        )
        return words % {"count": minutes}
    hours = ceil(again_in / AN_HOUR)
    words = ngettext(
        "Our ledger does not answer. Look again in about %(count)d hour, or open a case and we look for you.",
        "Our ledger does not answer. Look again in about %(count)d hours, or open a case and we look for you.",
        hours,
    )
    return words % {"count": hours}


def _held(restriction: Restriction | None) -> str:
    return {
        Restriction.AML_REVIEW: gettext("It waits for a review by our risk team."),
        Restriction.LEGAL_FREEZE: gettext("An authority has ordered to hold it."),
        Restriction.VERIFICATION_MISSING: gettext("Your identity verification is missing or has expired."),
        Restriction.DEPOSIT_CHECK: gettext(
            "We have to know where it comes from, such as by a picture of the withdrawal record."
        ),
        Restriction.REGION: gettext("A rule of your region has to be checked first."),
        None: gettext("A check has to end first."),
    }[restriction]


def how_long(left: timedelta) -> str:
    """Rounded up, because a promise that is too short is broken."""
    if left <= A_MINUTE:
        return gettext("The rest usually takes less than a minute.")
    minutes = ceil(left / A_MINUTE)
    if left <= AN_HOUR:
        words = ngettext(
            "The rest usually takes about %(count)d minute.",
            "The rest usually takes about %(count)d minutes.",
            minutes,
        )
        return words % {"count": minutes}
    hours = ceil(left / AN_HOUR)
    words = ngettext(
        "The rest usually takes up to %(count)d hour.", "The rest usually takes up to %(count)d hours.", hours
    )
    return words % {"count": hours}


def steps(answer: Answer) -> list[Step]:
    """From the sender to the account; of the account only what its owner hears."""
    chain = answer.chain
    if chain is None:
        return []
    is_complete = chain.confirmations >= chain.needed
    note = gettext("%(have)s of %(needed)s confirmations") % _values(answer)
    return [
        Step(pgettext("a transaction", "Sent"), "done", answer.network.name if answer.network else ""),
        Step(gettext("Confirmed on the chain"), "done" if is_complete else "now", note),
        _last(answer, is_complete=is_complete),
    ]


def _last(answer: Answer, *, is_complete: bool) -> Step:
    name = pgettext("a deposit", "Credited")
    if answer.told is Told.CREDITED:
        return Step(name, "done")
    if answer.account and answer.told not in {Told.SEEN, Told.CONFIRMING, Told.COMPLETE}:
        return Step(name, "stuck")
    if answer.told in {Told.CONFIRMED, Told.NOT_YOURS}:
        return Step(name, "open", gettext("told to its owner alone"))
    return Step(name, "now" if is_complete and answer.account else "open")


def _values(answer: Answer) -> dict[str, str | int]:
    chain, account = answer.chain, answer.account
    return {
        "network": answer.network.name if answer.network else "",
        "have": min(chain.confirmations, chain.needed) if chain else 0,
        "needed": chain.needed if chain else 0,
        "coin": answer.coin,
        "code": account.restriction.value if account and account.restriction else "",
        "minimum": f"{account.minimum:f}" if account and account.minimum is not None else "",
        "amount": f"{account.amount:f}" if account and account.amount is not None else "",
    }
