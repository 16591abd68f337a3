"""Checking an address or a TxID against the coin and the network that somebody chose. Pure: no network is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kefu.exchange.chains.catalogue import HEX, Network, TxidShape, catalogue, networks_of
from kefu.exchange.chains.findings import Finding, Thing, Verdict
from kefu.exchange.chains.formats import FORMATS, Fit
from kefu.exchange.chains.reading import Typed, is_secret, read

INTERNAL = r"(?:internal|off-?chain|inner)?(?:transfer|转账|轉帳|內部轉帳|内部转账)?[:#№]?[0-9]{5,24}"
# A Solana address is any 32 bytes, so nearly every word in base58 looks like one.
TELLING = tuple(one.looks for key, one in FORMATS.items() if key != "solana")
GOOD = {Fit.SURE, Fit.PLAIN}


def check_address(text: str, *, coin: str = "", network: str = "") -> Finding:
    """`coin` and `network` are keys of the catalogue, or "" for somebody who is not sure."""
    if is_secret(text):
        return Finding(Verdict.SECRET)
    typed = read(text)
    if not typed.value:
        return Finding(Verdict.EMPTY)
    typed = replace(typed, value=_address_written(typed.value))
    fits = {key: _address_fit(one, typed.value) for key, one in catalogue().networks.items()}
    chosen = catalogue().networks.get(network)
    if chosen is None:
        return _finish(typed, _address_anywhere(typed, fits, coin))
    return _finish(typed, _address_on(chosen, typed, fits, coin))


def _address_on(chosen: Network, typed: Typed, fits: dict[str, Fit], coin: str) -> Finding:
    fit = fits[chosen.key]
    if fit is Fit.SURE:
        return Finding(Verdict.VALID, networks=(chosen.key,))
    if fit is Fit.PLAIN:
        return Finding(Verdict.FITS, networks=(chosen.key,))
    if others := _good(fits, coin):
        return Finding(Verdict.OTHER_NETWORK, networks=others)
    if fit is Fit.BROKEN:
        return Finding(Verdict.IMPOSSIBLE, networks=(chosen.key,), misfits=_misfits(chosen, typed.value))
    if _is_txid_shaped(typed.value):
        return Finding(Verdict.OTHER_THING, thing=Thing.TXID)
    return Finding(Verdict.UNRECOGNISED)


def _address_anywhere(typed: Typed, fits: dict[str, Fit], coin: str) -> Finding:
    own = {one.key for one in networks_of(coin)}
    good = _good(fits, coin)
    if mine := tuple(key for key in good if key in own):
        return Finding(Verdict.POSSIBLE, networks=mine)
    if good:
        return Finding(Verdict.OTHER_NETWORK, networks=good)
    if _is_txid_shaped(typed.value):
        return Finding(Verdict.OTHER_THING, thing=Thing.TXID)
    return _slipped(typed.value, coin)


def _slipped(value: str, coin: str) -> Finding:
    """Told only where it has the looks of one format with a checksum and of no other; the coin's own count first."""
    for networks in (networks_of(coin), tuple(catalogue().networks.values())):
        formats = {form for one in networks for form in one.formats if form.has_checksum}
        like = [form for form in formats if form.of(value) is Fit.BROKEN]
        if len(like) == 1:
            keys = tuple(one.key for one in networks if like[0] in one.formats)
            return Finding(Verdict.TYPO, networks=keys, misfits=like[0].misfits(value))
        if like:
            break
    return Finding(Verdict.UNRECOGNISED)


def _address_written(value: str) -> str:
    if re.fullmatch(r"(?:0X)?[0-9a-fA-F]{40}", value):
        return f"0x{value.removeprefix('0X')}"
    return value


def _address_fit(network: Network, value: str) -> Fit:
    found = [one.of(value) for one in network.formats]
    return next((fit for fit in (Fit.SURE, Fit.PLAIN, Fit.BROKEN) if fit in found), Fit.NONE)


def _misfits(network: Network, value: str) -> tuple[int, ...]:
    """Of the format that it looks like."""
    found = next((one for one in network.formats if one.of(value) is Fit.BROKEN), None)
    return found.misfits(value) if found else ()


def check_txid(text: str, *, coin: str = "", network: str = "") -> Finding:
    """As for an address. A TxID has no checksum: what is written as one is told so, and no more."""
    if is_secret(text):
        return Finding(Verdict.SECRET)
    typed = read(text)
    if not typed.value:
        return Finding(Verdict.EMPTY)
    typed = replace(typed, value=re.sub(f"^0X(?={HEX}$)", "0x", typed.value))
    chosen = catalogue().networks.get(network)
    return _finish(typed, _txid_on(chosen, typed, coin) if chosen else _txid_anywhere(typed, coin))


def txid_written(network: Network, value: str) -> str | None:
    """As the network writes it; None if it can be none of its TxIDs. Where "0x" belongs in front it is put there."""
    if network.txid.is_prefixed and re.fullmatch(f"0X{HEX}|{HEX}", value):
        value = f"0x{value.removeprefix('0X')}"
    if not network.is_txid(value):
        return None
    if network.txid is TxidShape.HEX_UPPER:
        return value.upper()
    return value.lower() if re.fullmatch(f"(?:0x)?{HEX}", value) else value


def _txid_on(chosen: Network, typed: Typed, coin: str) -> Finding:
    linked = catalogue().networks.get(typed.network or "")
    if linked and linked is not chosen and (value := txid_written(linked, typed.value)):
        return Finding(Verdict.OTHER_NETWORK, value=value, networks=(linked.key,))
    written = txid_written(chosen, typed.value)
    if written:
        prefixed = len(written) > len(typed.value)
        return Finding(Verdict.VALID, value=written, networks=(chosen.key,), prefixed=prefixed)
    thing, others = _thing_in_txid_box(typed.value), _txid_networks(typed, coin)
    if others and not _is_rather(thing, typed.value):
        return Finding(Verdict.OTHER_NETWORK, networks=others)
    if thing:
        return thing
    wanted = chosen.txid.length
    misfits = tuple(
        at for at, one in enumerate(typed.value) if not re.fullmatch(letters_of(chosen.txid), one)
    )
    if len(typed.value) == wanted and misfits:
        return Finding(Verdict.IMPOSSIBLE, networks=(chosen.key,), misfits=misfits)
    if len(typed.value) == wanted:
        return Finding(Verdict.UNRECOGNISED)
    return Finding(Verdict.UNRECOGNISED, networks=(chosen.key,), wanted=wanted)


def _txid_anywhere(typed: Typed, coin: str) -> Finding:
    thing, fitting = _thing_in_txid_box(typed.value), _txid_networks(typed, coin)
    own = {one.key for one in networks_of(coin)}
    if not fitting or _is_rather(thing, typed.value):
        return thing or Finding(Verdict.UNRECOGNISED)
    if not own.intersection(fitting):
        return Finding(Verdict.OTHER_NETWORK, networks=fitting)
    written = {txid_written(catalogue().networks[key], typed.value) or "" for key in fitting}
    value = written.pop() if len(written) == 1 else typed.value
    return Finding(Verdict.POSSIBLE, value=value, networks=fitting, prefixed=len(value) > len(typed.value))


def _txid_networks(typed: Typed, coin: str) -> tuple[str, ...]:
    """The coin's own if any fits, first those that need no "0x" put in front; else all others.

    A link's network may only narrow what fits.
    """
    all_of_them = catalogue().networks
    exact = [key for key, one in all_of_them.items() if one.is_txid(typed.value)]
    own = [one.key for one in networks_of(coin) if txid_written(one, typed.value)]
    fitting = sorted(own, key=lambda key: key not in exact) or exact
    return (typed.network,) if typed.network in fitting else tuple(fitting)


def _good(fits: dict[str, Fit], coin: str) -> tuple[str, ...]:
    return _own_first([key for key, fit in fits.items() if fit in GOOD], coin)


def _own_first(keys: Iterable[str], coin: str) -> tuple[str, ...]:
    keys = list(keys)
    own = [one.key for one in networks_of(coin) if one.key in keys]
    return tuple(own or keys)


def letters_of(shape: TxidShape) -> str:
    """What may stand in such a TxID, as a class of a pattern."""
    return {
        TxidShape.EVM: "[0-9a-fA-Fx]",
        TxidShape.SOLANA: "[1-9A-HJ-NP-Za-km-z]",
        TxidShape.POLKADOT: "[0-9a-fA-Fx-]",
    }.get(shape, "[0-9a-fA-F]")


def _thing_in_txid_box(value: str) -> Finding | None:
    if re.fullmatch(INTERNAL, value, re.IGNORECASE):
        return Finding(Verdict.OTHER_THING, thing=Thing.INTERNAL, is_sure=True)
    if not any(re.fullmatch(looks, value) for looks in TELLING):
        return None
    is_sure = any(one.of(value) is Fit.SURE for one in FORMATS.values())
    return Finding(Verdict.OTHER_THING, thing=Thing.ADDRESS, is_sure=is_sure)


def _is_rather(thing: Finding | None, value: str) -> bool:
    """Is it an address before it is a TxID? One of Litecoin's is as long as one of TON's TxIDs; a longer value is a TxID."""
    return thing is not None and len(value) < TxidShape.HEX.length


def _is_txid_shaped(value: str) -> bool:
    return bool(re.fullmatch(f"(?:0[xX])?{HEX}", value) or TxidShape.SOLANA.fits(value))


def _finish(typed: Typed, finding: Finding) -> Finding:
    return replace(
        finding, value=finding.value or typed.value, unseen=typed.unseen, from_link=typed.from_link
    )
