"""A case's facts as they are read: by the agent beside the conversation, and by the customer among their cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, pgettext

from kefu.cases.deposits.standings import standing_words
from kefu.cases.models import CaseField, CaseFile, FieldKey, IssueType
from kefu.conversations.models import Conversation
from kefu.exchange.chains.catalogue import Network, catalogue


@dataclass(frozen=True)
class DrawnField:
    """`href` is where anybody can look the value up; `at` is a moment, which each reader sees in their own zone.

    `is_code` says that it is read letter by letter.
    """

    key: str
    label: str
    value: str
    href: str = ""
    at: datetime | None = None
    is_code: bool = False


@dataclass(frozen=True)
class DrawnFile:
    title: str
    fields: tuple[DrawnField, ...]


def title_of(issue_type: str) -> str:
    return str(IssueType(issue_type).label)


def label_of(key: str) -> str:
    return {
        FieldKey.COIN: gettext("Coin"),
        FieldKey.NETWORK: gettext("Network"),
        FieldKey.TXID: gettext("Transaction hash (TxID)"),
        FieldKey.ADDRESS: gettext("Deposit address"),
        FieldKey.MEMO: gettext("Memo or tag"),
        FieldKey.AMOUNT: gettext("Amount"),
        FieldKey.OCCURRED_AT: pgettext("of a deposit", "Sent at"),
        FieldKey.TRACED: gettext("What the tracer said"),
    }[FieldKey(key)]


def drawn_files(conversations: Iterable[Conversation]) -> dict[int, DrawnFile]:
    """By conversation, in the language of now. Loaded with `case_file`, it is one query for all, and none without files."""
    files: list[CaseFile] = [file for one in conversations if (file := getattr(one, "case_file", None))]
    fields: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for field in CaseField.objects.filter(file__in=files) if files else ():
        fields[field.file_id][field.key] = str(field.value)
    return {file.pk: DrawnFile(title_of(file.issue_type), tuple(_fields(fields[file.pk]))) for file in files}


def _fields(values: Mapping[str, str]) -> Iterator[DrawnField]:
    network = catalogue().networks.get(values.get(FieldKey.NETWORK, ""))
    for key in FieldKey:
        if key in values:
            yield _field(key, values[key], network)


def _field(key: FieldKey, value: str, network: Network | None) -> DrawnField:
    label = label_of(key)
    if key is FieldKey.NETWORK and network:
        return DrawnField(key, label, network.name)
    if key is FieldKey.TXID:
        return DrawnField(key, label, value, href=_explorer(network, value), is_code=True)
    if key is FieldKey.OCCURRED_AT:
        return DrawnField(key, label, value, at=parse_datetime(value))
    if key is FieldKey.TRACED:
        return DrawnField(key, label, standing_words(value))
    return DrawnField(key, label, value, is_code=key in {FieldKey.ADDRESS, FieldKey.MEMO})


def _explorer(network: Network | None, value: str) -> str:
    """Only for what is written as a TxID: nothing else of the customer's goes into an address."""
    return network.explorer_link(value) if network and network.is_txid(value) else ""
