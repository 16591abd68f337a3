"""What is said of a TxID and an address while they are typed: one set of sentences for the server and for the browser.

In the browser the values come in for {networks}, {letters}, {wanted}, {length} and {count}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

from kefu.exchange.chains.catalogue import catalogue
from kefu.exchange.chains.findings import Finding, Thing, Verdict

MOST_NAMED = 4


class Tone(StrEnum):
    GOOD = "good"
    CARE = "care"
    BAD = "bad"
    PLAIN = ""


@dataclass(frozen=True)
class Said:
    tone: Tone
    text: str
    key: str


TONES: Mapping[str, Tone] = {
    "secret": Tone.BAD,
    "address": Tone.BAD,
    "txid": Tone.BAD,
    "impossible": Tone.BAD,
    "typo": Tone.CARE,
    "letters": Tone.BAD,
    "internal": Tone.CARE,
    "other_network": Tone.CARE,
    "unrecognised": Tone.CARE,
    "prefixed": Tone.CARE,
    "length": Tone.PLAIN,
    "valid": Tone.GOOD,
    "fits": Tone.GOOD,
    "possible": Tone.GOOD,
}


def txid_sentences() -> dict[str, str]:
    return {
        "secret": _secret(),
        "address": gettext(
            "This looks like an address, not a TxID. The TxID stands in the withdrawal record of where you sent it from."
        ),
        "internal": gettext(
            "This looks like the number of an internal transfer, which is on no blockchain. We can look for it by"
            " this number."
        ),
        "letters": gettext("These characters can stand in no TxID of %(networks)s: %(letters)s"),
        "other_network": gettext(
            "This is written like a TxID of %(networks)s. Compare with the network that you chose when you sent it."
        ),
        "length": gettext(
            "A TxID of %(networks)s has %(wanted)s characters. This has %(length)s; copy it once more."
        ),
        "unrecognised": gettext(
            "We don't know this as a TxID. Copy it once more, or paste the link of the explorer."
        ),
        "prefixed": gettext(
            "TxIDs of %(networks)s begin with 0x, so we put that in front. If this is a private key instead, delete it now."
        ),
        "valid": gettext("Written like a TxID of %(networks)s."),
        "possible": gettext("This can be a TxID of %(networks)s."),
        "unseen": gettext("%(count)s invisible characters that were copied along are left out."),
    }


def address_sentences() -> dict[str, str]:
    return {
        "secret": _secret(),
        "txid": gettext(
            "This may be a TxID or a private key, so it is not taken as an address. A TxID belongs in the box above."
            " If it is a private key, delete it now, and give it to nobody."
        ),
        "letters": gettext("These characters can stand in no address of %(networks)s: %(letters)s"),
        "impossible": gettext(
            "This can be no address of %(networks)s: its checksum is wrong. A character is missing or mistyped."
        ),
        "typo": gettext(
            "This looks like an address of %(networks)s with a slip in it: its checksum is wrong. Copy it once more."
        ),
        "other_network": gettext(
            "This is an address of %(networks)s. Compare with the network that you chose when you sent it."
        ),
        "unrecognised": gettext("We don't know this as an address of the network. Copy it once more."),
        "valid": gettext("A whole address of %(networks)s: its checksum is right."),
        "fits": gettext(
            "Written like an address of %(networks)s. This kind has no checksum: compare the first and last six characters."
        ),
        "possible": gettext("This can be an address of %(networks)s."),
        "unseen": gettext("%(count)s invisible characters that were copied along are left out."),
    }


def _secret() -> str:
    return gettext(
        "This may be a private key or a recovery phrase. Delete it, and give it to nobody, not even us. It was not kept."
    )


def say(finding: Finding, sentences: Mapping[str, str]) -> Said | None:
    """None where nothing was typed."""
    if finding.verdict is Verdict.EMPTY:
        return None
    key = key_of(finding)
    values = {
        "networks": named(finding.networks),
        "letters": " ".join(dict.fromkeys(finding.value[at] for at in finding.misfits)),
        "wanted": finding.wanted,
        "length": len(finding.value),
    }
    text = sentences[key] % values
    if finding.unseen:
        text = f"{text} {sentences['unseen'] % {'count': finding.unseen}}"
    return Said(TONES[key], text, key)


def key_of(finding: Finding) -> str:
    """The sentence that a finding needs."""
    if finding.verdict is Verdict.OTHER_THING:
        return (finding.thing or Thing.TXID).value
    if finding.verdict in {Verdict.IMPOSSIBLE, Verdict.TYPO} and finding.misfits:
        return "letters"
    if finding.verdict is Verdict.IMPOSSIBLE and not _has_checksum(finding.networks):
        return "unrecognised"
    if finding.verdict is Verdict.UNRECOGNISED and finding.wanted:
        return "length"
    if finding.prefixed:
        return "prefixed"
    return finding.verdict.value


def _has_checksum(networks: tuple[str, ...]) -> bool:
    formats = [form for key in networks for form in catalogue().networks[key].formats]
    return any(form.has_checksum for form in formats)


def named(networks: tuple[str, ...]) -> str:
    """In the words that the catalogue has for them; of many only the first."""
    names = [catalogue().networks[key].name for key in networks[:MOST_NAMED]]
    more = "…" if len(networks) > MOST_NAMED else ""
    return gettext(", ").join(names) + more


def for_browser(sentences: Mapping[str, str]) -> dict[str, str]:
    names = ("networks", "letters", "wanted", "length", "count")
    holes = {name: f"{{{name}}}" for name in names}
    return {key: text % holes for key, text in sentences.items()}
